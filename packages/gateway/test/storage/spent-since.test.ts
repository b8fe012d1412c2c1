import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';

import { manualClock } from '@patchbay/llm/testing/manual-clock';

import { sampleAttempt, sampleCall } from '../support/sample-call.ts';
import type { KeyRow } from '../../src/identity/ports.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { spentSince } from '../../src/storage/repositories/spent-since.ts';

const HOUR_MS = 3_600_000;

it('is what the log of calls has of a key, and of all keys of a user, from an hour on', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
  const store = await openStore({ dataDir: folder, clock: manualClock() });
  const log = store.createCallLog({ onError: assert.ifError });
  const costs = [
    ['a', HOUR_MS, 100],
    ['a', 3 * HOUR_MS, 20],
    ['b', 3 * HOUR_MS, 3],
  ] as const;
  for (const [keyId, startedAtMs, costNanoUsd] of costs)
    log.record(
      sampleCall({ keyId, startedAtMs, attempts: [sampleAttempt({ startedAtMs, costNanoUsd, costState: 'known' })] }),
    );
  await log.close();
  const owner = { id: 'ada', role: 'user', isActive: true };
  const keyOf = (id: string): KeyRow => ({ id, label: '', hash: new Uint8Array(), createdAtMs: 0, owner });
  const keys = { list: () => Promise.resolve([keyOf('a'), keyOf('b')]) };
  const spent = spentSince({ usage: store.usage, keys });
  const found = [
    spent('key:a', 0),
    spent('key:a', 2 * HOUR_MS),
    spent('user:ada', 0),
    spent('user:bob', 0),
    spent('model:a', 0),
  ];
  assert.deepEqual(await Promise.all(found), [120, 20, 123, 0, 0]);
  await store.close();
  await rm(folder, { recursive: true });
});
