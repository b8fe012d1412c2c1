import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';
import { manualClock, type ManualClock } from '@patchbay/llm/testing/manual-clock';

import type { KeyRow, KeyStore } from '../../identity/ports.ts';
import { openStore, type Store } from '../open-store.ts';

const row = (id: string, more: Partial<KeyRow> = {}): KeyRow => ({
  id,
  label: `label of ${id}`,
  hash: Buffer.from(id.padEnd(32, '.')),
  createdAtMs: 1,
  ...more,
});

/** Rows with their hashes in one class: the driver gives plain byte arrays. */
const listed = async (keys: KeyStore): Promise<readonly KeyRow[]> =>
  (await keys.list()).map((each) => ({ ...each, hash: Buffer.from(each.hash) }));

let dataDir = '';
let clock: ManualClock;
let store: Store;
/** Another connection to the same file, as another process has it. */
let other: Store;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  clock = manualClock();
  store = await openStore({ dataDir, clock });
  other = await openStore({ dataDir, clock: systemClock });
});
afterEach(async () => {
  await Promise.all([store.close(), other.close()]);
  await rm(dataDir, { recursive: true });
});

/** Watches with a callback that counts; `next` resolves at the next call. */
function countingWatch(keys: KeyStore, onChange: () => Promise<void> = () => Promise.resolve()) {
  let arrived = Promise.withResolvers<void>();
  let calls = 0;
  const stop = keys.watch(() => {
    calls += 1;
    arrived.resolve();
    arrived = Promise.withResolvers();
    return onChange();
  });
  return { stop, next: () => arrived.promise, calls: () => calls };
}

/** Resolves when looks that were under way have ended: the thread answers in the order it is asked. */
async function settled(keys: KeyStore): Promise<void> {
  for (let time = 0; time < 3; time += 1) await keys.list();
}

describe('stored keys', () => {
  it('come back as they went in, oldest first', async () => {
    const rows = [row('b', { createdAtMs: 2, revokedAtMs: 3 }), row('a', { createdAtMs: 1 })] as const;
    for (const each of rows) await store.keys.insert(each);
    assert.deepEqual(await listed(store.keys), rows.toReversed());
    assert.deepEqual(await listed(other.keys), rows.toReversed());
  });

  it('are refused when their id or their hash is there', async () => {
    await store.keys.insert(row('a'));
    await assert.rejects(store.keys.insert(row('a', { hash: Buffer.alloc(32) })), /UNIQUE/);
    await assert.rejects(store.keys.insert(row('b', { hash: row('a').hash })), /UNIQUE/);
  });

  it('are revoked once: the first time counts', async () => {
    await store.keys.insert(row('a'));
    await store.keys.insert(row('b'));
    assert.equal(await store.keys.revoke('a', 5), true);
    assert.equal(await store.keys.revoke('a', 9), true);
    assert.equal(await store.keys.revoke('nobody', 5), false);
    const [a, b] = await listed(other.keys);
    assert.equal(a?.revokedAtMs, 5);
    assert.equal(b !== undefined && 'revokedAtMs' in b, false);
  });
});

describe('who watches keys', () => {
  it('is told once at the start and looks at least every second', async () => {
    const watch = countingWatch(store.keys);
    await watch.next();
    await settled(store.keys);
    clock.tick();
    await settled(store.keys);
    assert.equal(watch.calls(), 1);
    assert.equal(clock.intervalsMs().length, 1);
    assert.ok(clock.intervalsMs().every((ms) => ms <= 1000));
  });

  it('is told at once of changes made here', async () => {
    const watch = countingWatch(store.keys);
    await watch.next();
    const inserted = watch.next();
    await store.keys.insert(row('a'));
    await inserted;
    const revoked = watch.next();
    await store.keys.revoke('a', 2);
    await revoked;
    assert.equal(watch.calls(), 3);
  });

  it('is told at the next look of changes made elsewhere', async () => {
    const watch = countingWatch(store.keys);
    await watch.next();
    await settled(store.keys);
    await other.keys.insert(row('a'));
    const told = watch.next();
    clock.tick();
    await told;
    assert.equal(watch.calls(), 2);
  });

  it('is told again when it could not take a change in', async () => {
    let failures = 2;
    const watch = countingWatch(store.keys, () => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('away')) : Promise.resolve();
    });
    await watch.next();
    for (let time = 0; time < 4; time += 1) {
      await settled(store.keys);
      clock.tick();
    }
    await settled(store.keys);
    assert.equal(watch.calls(), 3);
  });

  it('is not told any more once it has stopped', async () => {
    const watch = countingWatch(store.keys);
    await watch.next();
    watch.stop();
    assert.deepEqual(clock.intervalsMs(), []);
    await store.keys.insert(row('a'));
    await settled(store.keys);
    assert.equal(watch.calls(), 1);
  });
});
