import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { sideBySide } from './side-by-side.ts';

const { signal } = new AbortController();

describe('tasks side by side', () => {
  it('are all done, never more at a time than is said', async () => {
    let now = 0;
    let most = 0;
    const done: number[] = [];
    const task = async (item: number): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await systemClock.sleep(1);
      now -= 1;
      done.push(item);
    };
    await sideBySide([1, 2, 3, 4, 5], task, { atOnce: 2, clock: systemClock, signal });
    assert.deepEqual(
      done.toSorted((one, other) => one - other),
      [1, 2, 3, 4, 5],
    );
    assert.equal(most, 2);
  });

  it('are left where they are when the time is over', async () => {
    const begun: number[] = [];
    const stuck = (item: number): Promise<void> => {
      begun.push(item);
      return new Promise(() => {});
    };
    await sideBySide([1, 2, 3], stuck, { atOnce: 2, clock: systemClock, signal, forMs: 5 });
    assert.deepEqual(begun, [1, 2]);
  });

  it('fail with the first that fails', async () => {
    const task = () => Promise.reject(new Error('broken'));
    await assert.rejects(sideBySide([1], task, { atOnce: 2, clock: systemClock, signal }), /broken/);
  });
});
