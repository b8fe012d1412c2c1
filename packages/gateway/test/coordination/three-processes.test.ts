import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Coordination } from '../../src/coordination/coordination.ts';
import { byHand, forget, newName, openOnRedis, PATIENT, REDIS_URL, skipRedis } from './engines.ts';
import { CENT, limitsOf, type Order } from './spender.ts';

const SPENDER = fileURLToPath(new URL('./spender.ts', import.meta.url));

describe('three processes with one dollar', { skip: skipRedis, timeout: 120_000 }, () => {
  const own = newName();
  let spenders: readonly ChildProcess[];
  let coordination: Coordination;
  const answerOf = async (spender: ChildProcess): Promise<number> => {
    const [count] = (await once(spender, 'message')) as [number];
    return count;
  };
  const tell = async (order: Order, spender: ChildProcess): Promise<number> => {
    const answer = answerOf(spender);
    spender.send(order);
    return answer;
  };
  /** Tells all of them at once; how many calls were admitted. */
  const tellAll = async (order: Order): Promise<number> =>
    (await Promise.all(spenders.map((each) => tell(order, each)))).reduce((sum, each) => sum + each, 0);

  before(async () => {
    coordination = await openOnRedis(REDIS_URL, PATIENT);
    const execArgv = ['--conditions=patchbay-src'];
    spenders = Array.from({ length: 3 }, () => fork(SPENDER, { execArgv }));
    await Promise.all(spenders.map(answerOf));
  });
  after(async () => {
    for (const each of spenders) each.kill('SIGKILL');
    await coordination.close();
    await forget(own);
  });

  it('make a hundred of 3,000 calls at a cent each, and as many more as there is money left', async () => {
    const order: Order = { kind: 'reserve', scope: `${own}:a`, calls: 1000 };
    assert.equal(await tellAll(order), 100);
    await tellAll({ kind: 'settle', nanoUsd: CENT / 2 });
    assert.equal(await tellAll(order), 50);
    await tellAll({ kind: 'settle', nanoUsd: CENT / 2 });
    assert.equal(await tellAll(order), 25);
    await tellAll({ kind: 'settle', nanoUsd: CENT });
    assert.equal(await tellAll(order), 0);
    const [money] = await coordination.limiter.look(limitsOf(`${own}:a`), { tokens: 0, nanoUsd: 0 });
    assert.equal(money?.used, 100 * CENT);
  });

  it('get back what a killed one has reserved, when its leases are over', async () => {
    const scope = `${own}:b`;
    const reserve = (): ReturnType<Coordination['limiter']['reserve']> =>
      coordination.limiter.reserve(limitsOf(scope), { tokens: 1, nanoUsd: CENT });
    const [victim] = spenders;
    assert.ok(victim !== undefined);
    assert.equal(await tell({ kind: 'reserve', scope, calls: 1000 }, victim), 100);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    assert.equal((await reserve()).admitted, false);
    for (const name of [scope, `${scope}:user`]) {
      const key = `limit:${name}:leases`;
      const leases = (await byHand('ZRANGE', key, '0', '-1', 'WITHSCORES')) as readonly [string, number][];
      assert.equal(leases.length, 100);
      // Instead of waiting: each was to end within a minute, and ends now.
      for (const [, endsAtMs] of leases) assert.ok(Number(endsAtMs) <= Date.now() + 60_000, String(endsAtMs));
      await byHand('ZADD', key, 'XX', ...leases.flatMap(([lease]) => ['1', lease]));
    }
    assert.equal((await reserve()).admitted, true);
    const [money, , tokens] = await coordination.limiter.look(limitsOf(scope), { tokens: 0, nanoUsd: 0 });
    assert.deepEqual([money?.used, tokens?.used], [CENT, 1]);
  });
});
