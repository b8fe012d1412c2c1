import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { ROLE_PERMISSIONS, type Role } from '@patchbay/contract';
import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { LocalCounter } from '../../src/accounts/counter.ts';
import type { Foundations } from '../../src/compose.ts';
import type { ProviderSetting, Settings } from '../../src/config/settings.ts';
import type { Circumstances } from '../../src/operations/handler.ts';
import { accountHandlers } from '../../src/operations/accounts/handlers.ts';
import type { AccountParts } from '../../src/operations/accounts/parts.ts';
import { openStore, type Store } from '../../src/storage/open-store.ts';
import { post, startGateway, type TestGateway } from '../support/test-gateway.ts';

/** A gateway over a store of its own, and the operations on its accounts. */
export interface AccountGateway {
  readonly gateway: TestGateway;
  readonly store: Store;
  readonly counter: LocalCounter;
  /** The same file, as somebody with a database client sees it. */
  readonly byHand: DatabaseSync;
  readonly parts: AccountParts;
  readonly handlers: ReturnType<typeof accountHandlers>;
  /** Asks the model `hi` and resolves when the answer is there. */
  ask(model: string, query?: string, messages?: readonly object[]): Promise<Response>;
  /** Adds an account of `provider` with this key; resolves to its id. */
  add(provider: string, key: string, more?: object): Promise<string>;
  close(): Promise<void>;
}

/** Starts one with these providers of the settings, built on other `made` where the test gives them. */
export async function startAccounts(
  providers: readonly ProviderSetting[],
  changes: Partial<Settings> = {},
  made: Partial<Foundations> = {},
): Promise<AccountGateway> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'patchbay-accounts-'));
  const sealer = await createSealer([new Secret(Buffer.alloc(32, 7).toString('base64'))]);
  const store = await openStore({ dataDir, clock: systemClock, sealer });
  const counter = new LocalCounter();
  const gateway = await startGateway(
    providers,
    { egressAllow: ['127.0.0.1'], ...changes },
    { stored: { rows: store.rows, secrets: store.secrets, feed: store.changes }, counter, ...made },
  );
  await gateway.gateway.start();
  const byHand = new DatabaseSync(path.join(dataDir, 'patchbay.db'));
  byHand.exec('pragma busy_timeout = 2000');
  const parts: AccountParts = {
    rows: { ...store.rows, transaction: (work) => store.transaction(work) },
    secrets: store.secrets,
    registry: gateway.gateway.registry,
    clock: systemClock,
    newId: randomUUID,
  };
  const handlers = accountHandlers(parts);
  return {
    gateway,
    store,
    counter,
    byHand,
    parts,
    handlers,
    ask: (model, query = '', messages = [{ role: 'user', content: 'hi' }]) =>
      post(gateway, `/v1/chat/completions${query}`, { model, messages }),
    add: async (provider, key, more = {}) => {
      const body = { provider_id: provider, auth_data: { api_key: key }, is_active: true, ...more };
      const answer = await handlers['accounts.create'](
        { params: undefined, query: undefined, body } as never,
        as('admin'),
      );
      if (!answer.ok) throw new Error(answer.failure.message);
      return answer.value.id;
    },
    close: async () => {
      byHand.close();
      await gateway.close();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** What surrounds a request of somebody with this role. */
export const as = (role: Role, id: string = role): Circumstances => ({
  principal: { kind: 'user', id, name: id, role, permissions: new Set(ROLE_PERMISSIONS[role]) },
  requestId: 'r',
  peer: '127.0.0.1',
  signal: new AbortController().signal,
});

/** Waits for something that must come to pass within a second or so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(5000);
  while (!(await isSo())) {
    deadline.throwIfAborted();
    await systemClock.sleep(20);
  }
}
