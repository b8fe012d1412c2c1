import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Secret } from '@patchbay/llm/credentials/secret';

import type { AccountRecord } from '../../src/storage/records.ts';
import { newDatabase, skipPostgres } from '../storage/engines.ts';
import { AuthorizationServer, type Sold } from '../support/authorization-server.ts';
import { openWorker, type WorkerOrders } from '../support/refresh-worker.ts';

const WORKER = fileURLToPath(new URL('../support/refresh-worker.ts', import.meta.url));
const CALLS = 20;

/** A child that has read its orders and waits for the word. */
async function startWorker(orders: WorkerOrders): Promise<ChildProcess> {
  const child = fork(WORKER, [JSON.stringify(orders)], {
    execArgv: ['--conditions=patchbay-src'],
    env: { PATH: process.env['PATH'] },
  });
  await once(child, 'message');
  return child;
}

/** Gives the word; resolves to the tokens that the child got, or to nothing when it was killed. */
async function answersOf(child: ChildProcess): Promise<readonly string[]> {
  const ended = once(child, 'exit');
  const answered = once(child, 'message') as Promise<[readonly string[]]>;
  child.send('go');
  const answers = await Promise.race([answered.then(([each]) => each), ended.then(() => [])]);
  await ended;
  return answers;
}

for (const engine of ['SQLite', 'PostgreSQL'] as const)
  describe(
    `one expired token in several processes on ${engine}`,
    {
      skip: engine === 'PostgreSQL' && skipPostgres,
      timeout: 100_000,
    },
    () => {
      let server: AuthorizationServer;
      let dataDir = '';
      let database: Awaited<ReturnType<typeof newDatabase>> | undefined;
      let worker: Awaited<ReturnType<typeof openWorker>>;
      let sold: Sold;
      let orders: WorkerOrders;

      const row = async (): Promise<AccountRecord> => {
        const found = await worker.store.rows.accounts.get(orders.accountId);
        assert.ok(found);
        return found;
      };
      const here = async (): Promise<string> => {
        const token = await worker.tokens.credentialOf(await row()).tokens.token(new AbortController().signal);
        return token.ok ? token.value.reveal() : `${token.failure.kind}: ${token.failure.message}`;
      };

      before(async () => {
        dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-test-'));
        database = engine === 'PostgreSQL' ? await newDatabase() : undefined;
      });
      after(async () => {
        await rm(dataDir, { recursive: true });
        await database?.drop();
      });
      beforeEach(async () => {
        server = await AuthorizationServer.start();
        const place = { dataDir, ...(database && { databaseUrl: database.url }) };
        worker = await openWorker(place);
        sold = server.sell();
        const inserted = await worker.store.rows.accounts.insert({
          id: crypto.randomUUID(),
          providerId: 'gemini',
          label: 'ada',
          authData: {
            access_token: new Secret('canary-access-expired'),
            refresh_token: new Secret(sold.refresh_token),
            expires_at: new Date(Date.now() - 1000).toISOString(),
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
        assert.ok(inserted.kind === 'inserted');
        orders = { ...place, accountId: inserted.row.id, calls: CALLS };
      });
      afterEach(async () => {
        worker.tokens.close();
        await worker.store.close();
        await server.close();
      });

      it('is exchanged once at the provider, and everybody has the new one', async () => {
        server.answersAfterMs = 300;
        const children = await Promise.all([1, 2, 3, 4].map(() => startWorker(orders)));
        const answers = (await Promise.all(children.map(answersOf))).flat();
        assert.equal(answers.length, 4 * CALLS);
        assert.equal(new Set(answers).size, 1);
        assert.ok(server.takes(answers[0] ?? ''), String(answers[0]));
        assert.deepEqual([server.refreshes, server.reuses], [1, 0]);
        const { tokenGeneration, authData } = await row();
        assert.equal(tokenGeneration, 1);
        assert.doesNotMatch(JSON.stringify(authData), /canary-(?:access|refresh|client-secret)/);
      });

      it('that was answered to a process which dies before it writes is not lost', async () => {
        const child = await startWorker({ ...orders, calls: 1, diesBefore: 'save' });
        assert.deepEqual(await answersOf(child), []);
        assert.equal(child.signalCode, 'SIGKILL');
        assert.equal(server.refreshes, 1);
        assert.equal((await row()).tokenGeneration, undefined);
        assert.ok(server.takes(await here()));
        assert.deepEqual([server.refreshes, server.reuses], [1, 0]);
        assert.equal((await row()).tokenGeneration, 1);
      });

      it('is asked for again by another when the process that asked dies first', async () => {
        server.faults.push('reset');
        server.answersAfterMs = 60_000;
        const child = await startWorker({ ...orders, calls: 1 });
        const dead = answersOf(child);
        while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        child.kill('SIGKILL');
        await dead;
        server.answersAfterMs = 0;
        assert.ok(server.takes(await here()));
        assert.deepEqual([server.refreshes, server.reuses], [1, 0]);
      });

      it('is dead for good when the provider says so, until somebody signs in again', async () => {
        server.kill(sold.refresh_token);
        assert.match(await here(), /^authentication: Failed to refresh OAuth token: invalid_grant/);
        assert.match(await here(), /^authentication: Failed to refresh OAuth token: invalid_grant/);
        const parked = await row();
        assert.equal(parked.healthStatus, 'down');
        assert.match(parked.lastErrorMsg ?? '', /^Failed to refresh OAuth token: invalid_grant/);
        assert.deepEqual(worker.parked, [orders.accountId]);
        const children = await Promise.all([1, 2].map(() => startWorker({ ...orders, calls: 5 })));
        const answers = (await Promise.all(children.map(answersOf))).flat();
        assert.ok(answers.every((each) => each.startsWith('authentication: Failed to refresh')));
        assert.equal(server.seen.length, 1);
        const again = server.sell();
        const authData = { ...(parked.authData as object), refresh_token: new Secret(again.refresh_token) };
        const changed = await worker.store.rows.accounts.update(orders.accountId, { authData });
        assert.ok(changed.kind === 'changed');
        worker.tokens.changed(changed.row);
        assert.ok(server.takes(await here()));
      });

      it('is not dead when the provider is in trouble', async () => {
        server.faults.push({ status: 503, body: '{}' });
        assert.match(await here(), /^upstream: Failed to refresh OAuth token: status 503/);
        assert.equal((await row()).tokenParkedVersion, undefined);
        const renewed = await worker.tokens.renewNow(await row());
        assert.ok(renewed.ok && server.takes(renewed.value.accessToken.reveal()));
      });

      it('of a faster process is taken after a refusal', async () => {
        const other = server.sell();
        server.kill(sold.refresh_token);
        server.answersAfterMs = 500;
        const asked = here();
        while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        const { authData } = await row();
        await worker.store.rows.accounts.update(orders.accountId, {
          authData: { ...(authData as object), access_token: new Secret(other.access_token), expires_at: null },
        });
        assert.equal(await asked, other.access_token);
      });

      it('of a person who signs in meanwhile is not overwritten', async () => {
        const other = server.sell();
        server.answersAfterMs = 500;
        const asked = here();
        while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        const { authData } = await row();
        await worker.store.rows.accounts.update(orders.accountId, {
          authData: {
            ...(authData as object),
            access_token: new Secret(other.access_token),
            refresh_token: new Secret(other.refresh_token),
            expires_at: null,
          },
        });
        assert.equal(await asked, other.access_token);
      });

      it('outlives other changes of its row', async () => {
        server.answersAfterMs = 500;
        const asked = here();
        while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
        await worker.store.rows.accounts.update(orders.accountId, { label: 'renamed' });
        assert.ok(server.takes(await asked));
        const { label, tokenGeneration } = await row();
        assert.deepEqual([label, tokenGeneration], ['renamed', 1]);
      });

      it('is read again when it is deleted from the cache', async () => {
        const first = await here();
        const key = `auth:oauth:gemini:${orders.accountId}`;
        assert.equal(await here(), first);
        const cached = await worker.cache.get(key);
        assert.deepEqual(Object.keys(JSON.parse(cached ?? '{}')).slice(0, 4), [
          'access_token',
          'refresh_token',
          'expires_at',
          'token_type',
        ]);
        assert.doesNotMatch(cached ?? '', /canary/);
        assert.ok(((await worker.cache.ttlMs(key)) ?? 0) <= 3_600_000);
        const other = server.sell();
        const { authData } = await row();
        await worker.store.rows.accounts.update(orders.accountId, {
          authData: { ...(authData as object), access_token: new Secret(other.access_token) },
        });
        assert.equal(await here(), first);
        await worker.cache.delete(key);
        assert.equal(await here(), other.access_token);
      });
    },
  );
