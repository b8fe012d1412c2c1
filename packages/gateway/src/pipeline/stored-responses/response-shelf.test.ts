import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';
import { manualClock } from '@patchbay/llm/testing/manual-clock';

import { openStore, type Store } from '../../storage/open-store.ts';
import type { KeptResponse, ResponseStore } from './kept-response.ts';
import { itemsSaid, loadChain } from './response-chain.ts';
import { ResponseShelf } from './response-shelf.ts';

const DAY_MS = 86_400_000;
let dataDir = '';
let store: Store;
let nowMs = 0;
let errors: unknown[] = [];
let shelf: ResponseShelf;

const shelfOf = (responses: ResponseStore): ResponseShelf =>
  new ResponseShelf({
    store: responses,
    clock: { ...manualClock(), nowMs: () => nowMs },
    retentionMs: DAY_MS,
    onError: (error) => errors.push(error),
  });

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  store = await openStore({ dataDir, clock: systemClock });
  nowMs = 10 * DAY_MS;
  errors = [];
  shelf = shelfOf(store.responses);
});
afterEach(async () => {
  await shelf.close();
  await store.close();
  await rm(dataDir, { recursive: true });
});

const kept = (id: string, more: Partial<KeptResponse> = {}): KeptResponse => ({
  id,
  keyId: 'mine',
  createdAtMs: nowMs,
  previousId: undefined,
  response: { id, status: 'completed', output: [`output of ${id}`] },
  input: [`input of ${id}`],
  ...more,
});

describe('the shelf', () => {
  it('finds an answer before it is written and after', async () => {
    shelf.keep(kept('resp_a'));
    assert.deepEqual(await shelf.find('mine', 'resp_a'), kept('resp_a'));
    assert.equal(await store.responses.find('mine', 'resp_a'), undefined);
    await shelf.flush();
    assert.ok(await store.responses.find('mine', 'resp_a'));
    assert.deepEqual(await shelf.find('mine', 'resp_a'), kept('resp_a'));
    assert.equal(await shelf.find('another', 'resp_a'), undefined);
  });

  it('forgets answers that are too old', async () => {
    shelf.keep(kept('resp_old'));
    await shelf.flush();
    nowMs += DAY_MS + 1;
    assert.equal(await shelf.find('mine', 'resp_old'), undefined);
    shelf.keep(kept('resp_new'));
    await shelf.flush();
    await shelf.sweep();
    assert.equal(await store.responses.find('mine', 'resp_old'), undefined);
    assert.ok(await store.responses.find('mine', 'resp_new'));
  });

  it('does not keep what is too large', async () => {
    shelf.keep(kept('resp_large', { input: ['x'.repeat(17 * 1024 * 1024)] }));
    shelf.keep(kept('resp_small'));
    await shelf.flush();
    assert.equal(shelf.dropped, 1);
    assert.match(String(errors[0]), /more than 16 MiB/);
    assert.equal(await shelf.find('mine', 'resp_large'), undefined);
    assert.ok(await shelf.find('mine', 'resp_small'));
  });

  it('holds what a store that is away does not take, up to a bound', async () => {
    const put = { fails: true };
    const away: ResponseStore = {
      ...store.responses,
      put: (rows) => (put.fails ? Promise.reject(new Error('away')) : store.responses.put(rows)),
    };
    const held = shelfOf(away);
    for (let index = 0; index <= 1000; index += 1) held.keep(kept(`resp_${index}`));
    assert.equal(held.dropped, 1);
    await held.flush();
    assert.equal(errors.length, 1);
    assert.ok(await held.find('mine', 'resp_0'));
    put.fails = false;
    await held.close();
    assert.ok(await store.responses.find('mine', 'resp_999'));
  });

  it('lets nothing come back that was removed while it was written', async () => {
    const arrived = Promise.withResolvers<void>();
    const slow = shelfOf({
      ...store.responses,
      put: async (rows) => {
        await arrived.promise;
        await store.responses.put(rows);
      },
    });
    slow.keep(kept('resp_a'));
    const writing = slow.flush();
    const removing = slow.remove('mine', 'resp_a');
    arrived.resolve();
    assert.equal(await removing, true);
    await writing;
    await slow.close();
    assert.equal(await slow.find('mine', 'resp_a'), undefined);
    assert.equal(await slow.remove('mine', 'resp_a'), false);
  });
});

describe('a chain of answers', () => {
  it('is everything that was said, oldest first', async () => {
    shelf.keep(kept('resp_a'));
    shelf.keep(kept('resp_b', { previousId: 'resp_a' }));
    const chain = await loadChain(shelf, 'mine', 'resp_b');
    assert.ok(chain.ok);
    assert.deepEqual(itemsSaid(chain.value ?? []), [
      'input of resp_a',
      'output of resp_a',
      'input of resp_b',
      'output of resp_b',
    ]);
  });

  it('that goes in a circle, or has no end, is refused', async () => {
    shelf.keep(kept('resp_a', { previousId: 'resp_b' }));
    shelf.keep(kept('resp_b', { previousId: 'resp_a' }));
    await shelf.flush();
    let looks = 0;
    const counted = shelfOf({
      ...store.responses,
      find: (keyId, id) => {
        looks += 1;
        return store.responses.find(keyId, id);
      },
    });
    assert.equal((await loadChain(counted, 'mine', 'resp_b')).ok, false);
    assert.equal(looks, 2, 'nobody goes round it a second time');
    for (let index = 1; index <= 1000; index += 1) {
      shelf.keep(kept(`resp_${index}`, { previousId: `resp_${index - 1}` }));
      if (index % 500 === 0) await shelf.flush();
    }
    shelf.keep(kept('resp_0'));
    assert.equal((await loadChain(shelf, 'mine', 'resp_999')).ok, true);
    const long = await loadChain(shelf, 'mine', 'resp_1000');
    assert.equal(long.ok, false);
    assert.match(long.ok ? '' : long.failure.message, /more than 1000/);
  });

  it('is unknown where nobody keeps its last answer', async () => {
    assert.deepEqual(await loadChain(shelf, 'mine', 'resp_nobody'), { ok: true, value: undefined });
  });

  it('does not go on from an answer that failed', async () => {
    shelf.keep(kept('resp_a', { response: { id: 'resp_a', status: 'failed' } }));
    const chain = await loadChain(shelf, 'mine', 'resp_a');
    assert.match(chain.ok ? '' : chain.failure.message, /is failed/);
  });
});
