import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Clock } from '@patchbay/llm/model/clock';

import { createNameCache } from './name-cache.ts';

const stopped = (clock: { nowMs: number }): Clock => ({
  nowMs: () => clock.nowMs,
  monotonicMs: () => clock.nowMs,
  sleep: () => Promise.resolve(),
  every: () => () => {},
});

function cache(answer: (hostname: string, number: number) => Promise<readonly string[]>) {
  const time = { nowMs: 0 };
  const asked: string[] = [];
  const names = createNameCache((hostname) => answer(hostname, asked.push(hostname)), stopped(time));
  return { time, asked, addressesOf: (hostname: string) => names(hostname, false) };
}

describe('name cache', () => {
  it('asks once for a minute and then again', async () => {
    const { time, asked, addressesOf } = cache((_, number) => Promise.resolve([`1.1.1.${number}`]));
    assert.deepEqual(await addressesOf('a'), ['1.1.1.1']);
    time.nowMs = 59_999;
    assert.deepEqual(await addressesOf('a'), ['1.1.1.1']);
    time.nowMs = 60_000;
    assert.deepEqual(await addressesOf('a'), ['1.1.1.2']);
    assert.equal(asked.length, 2);
  });

  it('asks once for many connections at the same time', async () => {
    const answer = Promise.withResolvers<readonly string[]>();
    const { asked, addressesOf } = cache(() => answer.promise);
    const all = Promise.all([addressesOf('a'), addressesOf('a'), addressesOf('a')]);
    answer.resolve(['1.1.1.1']);
    assert.deepEqual(await all, [['1.1.1.1'], ['1.1.1.1'], ['1.1.1.1']]);
    assert.equal(asked.length, 1);
  });

  it('uses the last answer for five more minutes while the name service is down', async () => {
    const { time, addressesOf } = cache((_, number) =>
      number === 1 ? Promise.resolve(['1.1.1.1']) : Promise.reject(new Error('down')),
    );
    await addressesOf('a');
    time.nowMs = 359_999;
    assert.deepEqual(await addressesOf('a'), ['1.1.1.1']);
    time.nowMs = 360_000;
    await assert.rejects(addressesOf('a'), /down/);
  });

  it('keeps no failure, even of a service that fails before it asks', async () => {
    const { addressesOf } = cache((_, number) => {
      if (number === 1) throw new Error('down');
      return Promise.resolve(['1.1.1.1']);
    });
    await assert.rejects(addressesOf('a'), /down/);
    assert.deepEqual(await addressesOf('a'), ['1.1.1.1']);
  });

  it('forgets the oldest name when there are a thousand', async () => {
    const { asked, addressesOf } = cache(() => Promise.resolve(['1.1.1.1']));
    for (let number = 0; number <= 1000; number += 1) await addressesOf(`host-${number}`);
    await addressesOf('host-1');
    assert.equal(asked.length, 1001);
    await addressesOf('host-0');
    assert.equal(asked.length, 1002);
  });
});
