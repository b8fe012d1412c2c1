import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { forget, newName, skipRedis } from '../coordination/engines.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import type { Statuses } from './limited-worker.ts';

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
  const answerOf = async (worker: ChildProcess): Promise<Statuses> => {
    const [statuses] = (await once(worker, 'message')) as [Statuses];
    return statuses;
  };

  before(async () => {
    const usage = { prompt_tokens: 0, completion_tokens: 500, total_tokens: 500 };
    const message = { role: 'assistant', content: 'hello' };
    const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-5', usage };
    upstream = await startUpstream(async (_, response) => {
      await held;
      sendJson(response, 200, { ...answer, choices: [{ index: 0, message, finish_reason: 'stop' }] });
    });
    const execArgv = ['--conditions=patchbay-src'];
    workers = Array.from({ length: 3 }, () => fork(WORKER, [`${upstream.url}/v1`, key], { execArgv }));
    await Promise.all(workers.map(answerOf));
  });
  after(async () => {
    for (const each of workers) each.kill('SIGKILL');
    await upstream.close();
    await forget(key);
  });

  /** Makes 1,000 calls at once, spread over all; how many were answered. */
  const callAll = async (whileHeld: () => Promise<unknown>): Promise<number> => {
    const before = upstream.seen.length;
    const answers = Promise.all(
      workers.map((worker, index) => {
        const answer = answerOf(worker);
        worker.send(index === 0 ? 334 : 333);
        return answer;
      }),
    );
    await whileHeld();
    release();
    const all = await answers;
    const count = (status: number): number => all.reduce((sum, each) => sum + (each[status] ?? 0), 0);
    assert.equal(count(200) + count(429), 1000);
    assert.equal(upstream.seen.length - before, count(200));
    return count(200);
  };
  /** Until nobody has asked the provider for a while: those that it holds are all that were admitted. */
  const untilQuiet = async (): Promise<void> => {
    for (let last = -1; last !== upstream.seen.length;) {
      last = upstream.seen.length;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  };

  it('never have more under way than the budget pays for, and spend what was left over', async () => {
    hold();
    const first = await callAll(untilQuiet);
    // Each is thought to cost a cent and a little for its prompt.
    assert.equal(first, 99);
    const halfCents = (calls: number): number => calls * (DOLLAR / 200);
    let spent = halfCents(first);
    for (let round = 0; round < 4; round += 1) {
      hold();
      const fits = Math.floor((DOLLAR - spent) / (DOLLAR / 100 + 50_000));
      const admitted = await callAll(untilQuiet);
      assert.ok(admitted >= fits && admitted <= Math.floor((DOLLAR - spent) / (DOLLAR / 100)), `${admitted}, ${fits}`);
      spent += halfCents(admitted);
      if (admitted === 0) break;
    }
    assert.ok(spent <= DOLLAR && spent > 0.9 * DOLLAR, String(spent));
  });
});
