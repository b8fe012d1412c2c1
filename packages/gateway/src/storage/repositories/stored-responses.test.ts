import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { openStore, type Store } from '../open-store.ts';
import type { StoredResponseRecord } from './stored-responses.ts';

const record = (id: string, more: Partial<StoredResponseRecord> = {}): StoredResponseRecord => ({
  id,
  keyId: 'mine',
  createdAtMs: 1_800_000_000_000,
  previousId: undefined,
  status: 'completed',
  response: `{"id":"${id}"}`,
  input: '[]',
  ...more,
});

let dataDir = '';
let store: Store;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  store = await openStore({ dataDir, clock: systemClock });
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

describe('stored responses', () => {
  it('come back as they went in, to their own key alone', async () => {
    const written = record('resp_b', { previousId: 'resp_a' });
    await store.responses.put([written]);
    assert.deepEqual(await store.responses.find('mine', 'resp_b'), written);
    assert.equal(await store.responses.find('another', 'resp_b'), undefined);
  });

  it('are replaced by their own key and by no other', async () => {
    await store.responses.put([record('resp_a', { status: 'in_progress' })]);
    await store.responses.put([record('resp_a', { status: 'completed', response: '{"new":1}' })]);
    await store.responses.put([record('resp_a', { keyId: 'another', response: '{"stolen":1}' })]);
    assert.equal((await store.responses.find('mine', 'resp_a'))?.response, '{"new":1}');
    assert.equal(await store.responses.find('another', 'resp_a'), undefined);
  });

  it('go when their own key says so', async () => {
    await store.responses.put([record('resp_a')]);
    assert.equal(await store.responses.remove('another', 'resp_a'), false);
    assert.equal(await store.responses.remove('mine', 'resp_a'), true);
    assert.equal(await store.responses.find('mine', 'resp_a'), undefined);
  });

  it('are found by status, oldest first', async () => {
    await store.responses.put([
      record('resp_late', { status: 'queued', createdAtMs: 3 }),
      record('resp_done', { createdAtMs: 2 }),
      record('resp_early', { status: 'in_progress', createdAtMs: 1 }),
    ]);
    const ids = (await store.responses.withStatus(['queued', 'in_progress'])).map(({ id }) => id);
    assert.deepEqual(ids, ['resp_early', 'resp_late']);
  });

  it('leave a few at a time once they are too old', async () => {
    await store.responses.put([1, 2, 3, 4].map((createdAtMs) => record(`resp_${createdAtMs}`, { createdAtMs })));
    assert.equal(await store.responses.removeBefore(4, 2), 2);
    assert.equal(await store.responses.removeBefore(4, 2), 1);
    assert.equal(await store.responses.removeBefore(4, 2), 0);
    assert.ok(await store.responses.find('mine', 'resp_4'));
  });
});
