import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { BackgroundTasks } from './background.ts';

/** Tasks that wait for a word, and which of them have begun. */
function heldTasks(tasks: BackgroundTasks) {
  const begun: string[] = [];
  const go = Promise.withResolvers<void>();
  const run = (name: string): void =>
    tasks.run(async (signal) => {
      begun.push(name);
      await Promise.race([go.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    });
  return { begun, run, go: () => go.resolve() };
}

describe('tasks in the background', () => {
  it('run a few at a time, and those that are too many not at all', async () => {
    const tasks = new BackgroundTasks({ onError: assert.ifError, concurrent: 2, waiting: 1 });
    const { begun, run, go } = heldTasks(tasks);
    for (const name of ['a', 'b', 'c', 'd']) run(name);
    assert.deepEqual(begun, ['a', 'b']);
    go();
    await tasks.idle();
    assert.deepEqual(begun, ['a', 'b', 'c']);
  });

  it('end with the gateway, and none begins after', async () => {
    const tasks = new BackgroundTasks({ onError: assert.ifError, concurrent: 1 });
    const { begun, run } = heldTasks(tasks);
    for (const name of ['a', 'b']) run(name);
    await tasks.close();
    run('c');
    assert.deepEqual(begun, ['a']);
  });

  it('tell of failures and go on', async () => {
    const errors: unknown[] = [];
    const tasks = new BackgroundTasks({ onError: (error) => errors.push(error), concurrent: 1 });
    tasks.run(() => Promise.reject(new Error('first')));
    let isDone = false;
    tasks.run(async () => {
      isDone = true;
    });
    await tasks.idle();
    assert.deepEqual([String(errors[0]), isDone], ['Error: first', true]);
  });
});
