import assert from 'node:assert/strict';
import { it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { KeyUses } from './key-uses.ts';

it('the last use of each key is written once, and again when it could not be', async () => {
  let nowMs = 1;
  let isAway = true;
  const written: (readonly [string, number][])[] = [];
  const errors: unknown[] = [];
  const write = (uses: ReadonlyMap<string, number>): Promise<void> => {
    if (isAway) return Promise.reject(new Error('away'));
    written.push([...uses]);
    return Promise.resolve();
  };
  const ticks: (() => void)[] = [];
  const every = (_: number, tick: () => void): (() => void) => {
    ticks.push(tick);
    return () => undefined;
  };
  const clock = { ...systemClock, nowMs: () => nowMs, every };
  const uses = new KeyUses({ write, clock, onError: (error) => errors.push(error) });
  uses.note('a');
  uses.note('b');
  ticks[0]?.();
  nowMs = 2;
  uses.note('b');
  await Promise.resolve();
  await Promise.resolve();
  isAway = false;
  await uses.close();
  assert.equal(errors.length, 1);
  assert.deepEqual(written, [
    [
      ['a', 1],
      ['b', 2],
    ],
  ]);
});
