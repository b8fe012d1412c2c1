import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { byHand, forget, newName, skipRedis } from '../coordination/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';

const WORKER = fileURLToPath(new URL('./limited-worker.ts', import.meta.url));
const DOLLAR = 1_000_000_000;

describe('three gateways and a key with one dollar', { skip: skipRedis, timeout: 110_000 }, () => {
  const key = newName();
  let upstream: ScriptedUpstream;
  let workers: readonly ChildProcess[];
  /** Lets the provider answer what it holds. */
  let release = (): void => undefined;
  let held = Promise.resolve();
  const hold = (): void => {
    held = new Promise((resolve) => (release = resolve));
  };
  const counts = { answered: 0, refused: 0 };
  let onCount = (): void => undefined;
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      onCount = () => (isSo() ? resolve() : undefined);
      onCount();
    });

  before(async () => {
    const usage = { prompt_tokens: 0, completion_tokens: 500, total_tokens: 500 };
    const message = { role: 'assistant', content: 'hello' };
    const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-5', usage };
    upstream = await startUpstream(async (_, response) => {
      onCount();
      await held;
      sendJson(response, 200, { ...answer, choices: [{ index: 0, message, finish_reason: 'stop' }] });
    });
    const execArgv = ['--conditions=patchbay-src'];
    workers = Array.from({ length: 3 }, () => fork(WORKER, [`${upstream.url}/v1`, key], { execArgv }));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    for (const worker of workers)
      worker.on('message', (status: number) => {
        assert.ok(status === 200 || status === 429, String(status));
        counts[status === 200 ? 'answered' : 'refused'] += 1;
        onCount();
      });
  });
  after(async () => {
    for (const each of workers) each.kill('SIGKILL');
    await upstream.close();
    await forget(key);
  });

  /** Makes 1,000 calls at once, spread over all, while the provider answers none; how many were admitted. */
  const callAll = async (): Promise<number> => {
    hold();
    Object.assign(counts, { answered: 0, refused: 0 });
    const before = upstream.seen.length;
    const admitted = (): number => upstream.seen.length - before;
    for (const [index, worker] of workers.entries()) worker.send(index === 0 ? 334 : 333);
    await until(() => admitted() + counts.refused === 1000);
    release();
    await until(() => counts.answered + counts.refused === 1000);
    assert.equal(counts.answered, admitted());
    return admitted();
  };

  it('never have more under way than the budget pays for, and spend what was left over', async () => {
    const first = await callAll();
    // Each is thought to cost a cent and a little for its prompt.
    assert.equal(first, 99);
    const halfCents = (calls: number): number => calls * (DOLLAR / 200);
    let spent = halfCents(first);
    for (let round = 0; round < 4; round += 1) {
      const fits = Math.floor((DOLLAR - spent) / (DOLLAR / 100 + 50_000));
      const admitted = await callAll();
      assert.ok(admitted >= fits && admitted <= Math.floor((DOLLAR - spent) / (DOLLAR / 100)), `${admitted}, ${fits}`);
      spent += halfCents(admitted);
      if (admitted === 0) break;
    }
    assert.ok(spent <= DOLLAR && spent > 0.9 * DOLLAR, String(spent));
  });
});

describe('a gateway that is killed with calls under way', { skip: skipRedis, timeout: 110_000 }, () => {
  const key = newName();
  let upstream: ScriptedUpstream;
  let victim: ChildProcess;
  let survivor: ChildProcess;
  const statusOf = async (worker: ChildProcess): Promise<number> => {
    const answer = once(worker, 'message');
    worker.send(1);
    return ((await answer) as [number])[0];
  };

  before(async () => {
    const usage = { prompt_tokens: 0, completion_tokens: 500, total_tokens: 500 };
    const message = { role: 'assistant', content: 'hello' };
    const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-5', usage };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    // Those of the victim are never answered.
    upstream = await startUpstream((_, response) => {
      if (victim.killed) sendJson(response, 200, { ...answer, choices });
    });
    const execArgv = ['--conditions=patchbay-src'];
    const start = (): ChildProcess => fork(WORKER, [`${upstream.url}/v1`, key], { execArgv });
    [victim, survivor] = [start(), start()];
    await Promise.all([victim, survivor].map((worker) => once(worker, 'message')));
  });
  after(async () => {
    for (const each of [victim, survivor]) each.kill('SIGKILL');
    await upstream.close();
    await forget(key);
  });

  it('leaves what they reserved to the others, when its leases are over', async () => {
    victim.send(200);
    // A dollar pays for ninety-nine of them.
    while (upstream.seen.length < 99) await new Promise((resolve) => setTimeout(resolve, 20));
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    assert.equal(await statusOf(survivor), 429);
    const [leases = ''] = ((await byHand('KEYS', `limit:*${key}*:leases`)) as readonly string[]).toSorted();
    const held = (await byHand('ZRANGE', leases, '0', '-1', 'WITHSCORES')) as readonly [string, number][];
    assert.equal(held.length, 99);
    for (const [, endsAtMs] of held) assert.ok(Number(endsAtMs) <= Date.now() + 60_000, String(endsAtMs));
    // Instead of waiting for that minute: they end now.
    await byHand('ZADD', leases, 'XX', ...held.flatMap(([lease]) => ['1', lease]));
    assert.equal(await statusOf(survivor), 200);
  });
});
