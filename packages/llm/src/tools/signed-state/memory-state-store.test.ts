import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { memoryStateStore } from './memory-state-store.ts';
import type { SignedTurn } from './signed-turn.ts';

const HOUR_MS = 3_600_000;

/** A clock whose hands the test moves. */
const movable = (): { atMs: number; readonly monotonicMs: () => number } => {
  const clock = { atMs: 0, monotonicMs: (): number => clock.atMs };
  return clock;
};

const turnOf = (name: string, chars = 0): SignedTurn => ({
  issuer: { format: 'anthropic-messages', provider: 'anthropic', account: 'a' },
  content: name,
  question: '',
  history: '',
  slots: [{ kind: 'thought', part: { type: 'reasoning', text: 's'.repeat(chars) } }],
});

describe('memoryStateStore', () => {
  it('finds one turn under all of its keys', () => {
    const store = memoryStateStore({ clock: movable() });
    const turn = turnOf('one');
    store.put(['a', 'b'], turn, HOUR_MS);
    assert.deepEqual(store.get(['b', 'x', 'a']), [turn, undefined, turn]);
    assert.equal(store.turns, 1);
  });

  it('gives a key to the turn that took it last, and forgets a turn without keys', () => {
    const store = memoryStateStore({ clock: movable() });
    const [first, second, third] = [turnOf('1'), turnOf('2'), turnOf('3')];
    store.put(['a', 'b'], first, HOUR_MS);
    store.put(['b', 'c'], second, HOUR_MS);
    assert.deepEqual(store.get(['a', 'b', 'c']), [first, second, second]);
    store.put(['a'], third, HOUR_MS);
    assert.deepEqual([store.turns, ...store.get(['a', 'b'])], [2, third, second]);
  });

  it('counts a turn once that is put twice', () => {
    const store = memoryStateStore({ clock: movable() });
    store.put(['a', 'b'], turnOf('1', 100), HOUR_MS);
    const { bytes } = store;
    store.put(['a', 'b', 'a'], turnOf('1', 100), HOUR_MS);
    assert.equal(store.bytes, bytes);
  });

  it('lets a turn go when its time is over, however often it was used', () => {
    const clock = movable();
    const store = memoryStateStore({ clock, lifetimeMs: HOUR_MS });
    store.put(['long'], turnOf('long'), 10 * HOUR_MS);
    store.put(['short'], turnOf('short'), HOUR_MS / 2);
    clock.atMs = HOUR_MS / 2 - 1;
    assert.ok(store.get(['long', 'short']).every((turn) => turn !== undefined));
    clock.atMs = HOUR_MS / 2;
    assert.deepEqual(store.get(['long', 'short']), [turnOf('long'), undefined]);
    clock.atMs = HOUR_MS;
    assert.deepEqual(store.get(['long']), [undefined]);
    assert.deepEqual([store.bytes, store.turns], [0, 0]);
  });

  it('gives the memory of expired turns back at the next put', () => {
    const clock = movable();
    const store = memoryStateStore({ clock });
    for (let index = 0; index < 10; index += 1) store.put([`${index}`], turnOf('old', 1000), HOUR_MS);
    clock.atMs = HOUR_MS;
    store.put(['new'], turnOf('new'), HOUR_MS);
    assert.equal(store.turns, 1);
  });

  it('drops what was not used for longest', () => {
    const store = memoryStateStore({ clock: movable(), bytesMax: 10_000 });
    for (const name of ['a', 'b', 'c']) store.put([name], turnOf(name, 1000), HOUR_MS);
    store.get(['a']);
    store.put(['d'], turnOf('d', 1000), HOUR_MS);
    assert.deepEqual(
      store.get(['a', 'b', 'c', 'd']).map((turn) => turn?.content),
      ['a', undefined, 'c', 'd'],
    );
  });

  it('does not keep a turn that is larger than everything', () => {
    const store = memoryStateStore({ clock: movable(), bytesMax: 10_000 });
    store.put(['a'], turnOf('a', 100), HOUR_MS);
    store.put(['b'], turnOf('b', 5000), HOUR_MS);
    assert.deepEqual(
      store.get(['a', 'b']).map((turn) => turn?.content),
      ['a', undefined],
    );
  });

  it('measures turns that nest deeper than any stack', () => {
    const store = memoryStateStore({ clock: movable() });
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as never;
    const part = { type: 'reasoning', text: '', extras: { gemini: { deep } } } as const;
    store.put(['a'], { ...turnOf('a'), slots: [{ kind: 'thought', part }] }, HOUR_MS);
    assert.equal(store.turns, 1);
  });

  it('stays within its budget whatever is put, and counts down to nothing', () => {
    const bytesMax = 20_000;
    const puts = fc.array(
      fc.record({
        keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 4 }),
        chars: fc.nat(6000),
        passMs: fc.nat(10),
        lifetimeMs: fc.integer({ min: 1, max: 30 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(puts, (all) => {
        const clock = movable();
        const store = memoryStateStore({ clock, bytesMax });
        for (const { keys, chars, passMs, lifetimeMs } of all) {
          clock.atMs += passMs;
          store.put(keys, turnOf('t', chars), lifetimeMs);
          assert.ok(store.bytes <= bytesMax && store.bytes >= 2 * chars * Number(store.get(keys)[0] !== undefined));
        }
        clock.atMs += 100;
        store.get(['a', 'b', 'c', 'd', 'e', 'f']);
        assert.deepEqual([store.bytes, store.turns], [0, 0]);
      }),
      { numRuns: 1000 },
    );
  });
});
