import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock, type Clock } from '@patchbay/llm/model/clock';

import type { AccountRecord } from '../../src/storage/records.ts';
import { until } from '../accounts/account-gateway.ts';
import { AuthorizationServer } from '../support/authorization-server.ts';
import { openWorker } from '../support/refresh-worker.ts';

/** The machine's time, but looks at accounts happen when the test says so. */
class TickingClock implements Clock {
  readonly nowMs = systemClock.nowMs;
  readonly monotonicMs = systemClock.monotonicMs;
  readonly sleep = systemClock.sleep;
  #looks: (() => void)[] = [];

  every(ms: number, task: () => void): () => void {
    if (ms < 30_000) return systemClock.every(ms, task);
    this.#looks.push(task);
    return () => undefined;
  }

  look(): void {
    for (const task of this.#looks) task();
  }
}

describe('tokens that end soon', { timeout: 30_000 }, () => {
  let server: AuthorizationServer;
  let dataDir = '';
  const clocks = [new TickingClock(), new TickingClock()] as const;
  let workers: Awaited<ReturnType<typeof openWorker>>[];

  before(async () => {
    server = await AuthorizationServer.start();
    dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
    workers = [await openWorker({ dataDir, clock: clocks[0] }), await openWorker({ dataDir, clock: clocks[1] })];
  });
  after(async () => {
    for (const { tokens, store } of workers) {
      tokens.close();
      await store.close();
    }
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  /** An account of both processes whose token lives so much longer. */
  async function addAccount(leftMs: number): Promise<AccountRecord> {
    const { access_token, refresh_token } = server.sell();
    const inserted = await workers[0]?.store.rows.accounts.insert({
      id: crypto.randomUUID(),
      providerId: 'gemini',
      label: '',
      authData: {
        access_token: new Secret(access_token),
        refresh_token: new Secret(refresh_token),
        expires_at: Math.floor((Date.now() + leftMs) / 1000),
        token_url: `${server.url}/token`,
        client_id: server.clientId,
        client_secret: new Secret(server.clientSecret),
      },
      metadata: {},
      isActive: true,
      usageCount: 0,
      healthStatus: 'healthy',
      failureCount: 0,
      createdAtMs: 0,
      updatedAtMs: 0,
    });
    assert.ok(inserted?.kind === 'inserted');
    for (const { tokens } of workers) tokens.credentialOf(inserted.row);
    return inserted.row;
  }

  it('are renewed before anybody asks, once for all processes, and others are left alone', async () => {
    const soon = await addAccount(240_000);
    const later = await addAccount(3_600_000);
    for (const clock of clocks) clock.look();
    const rowOf = async (id: string) => workers[1]?.store.rows.accounts.get(id);
    await until(async () => (await rowOf(soon.id))?.tokenGeneration === 1);
    for (const clock of clocks) clock.look();
    const renewed = await rowOf(soon.id);
    assert.ok(renewed);
    const { expires_at } = renewed.authData as { expires_at: number };
    // Seconds stay seconds.
    assert.ok(expires_at > Date.now() / 1000 + 3500 && expires_at < Date.now() / 1000 + 3700, String(expires_at));
    assert.equal((await rowOf(later.id))?.tokenGeneration, undefined);
    for (const { tokens } of workers) {
      const token = await tokens.credentialOf(soon).tokens.token(new AbortController().signal);
      assert.ok(token.ok && server.takes(token.value.reveal()));
    }
    assert.deepEqual([server.refreshes, server.reuses], [1, 0]);
  });

  it('are left alone where the account is switched off', async () => {
    const row = await addAccount(240_000);
    for (const { tokens } of workers) tokens.changed({ ...row, isActive: false });
    const before = server.seen.length;
    for (const clock of clocks) clock.look();
    const other = await addAccount(240_000);
    for (const clock of clocks) clock.look();
    const rows = workers[0]?.store.rows.accounts;
    await until(async () => (await rows?.get(other.id))?.tokenGeneration === 1);
    assert.equal(server.seen.length, before + 1);
    assert.equal((await workers[0]?.store.rows.accounts.get(row.id))?.tokenGeneration, undefined);
  });
});
