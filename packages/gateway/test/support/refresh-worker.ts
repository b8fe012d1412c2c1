import { randomUUID } from 'node:crypto';
import path from 'node:path';
import process from 'node:process';

import { createSealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock, type Clock } from '@patchbay/llm/model/clock';
import { fetchExchange } from '@patchbay/llm/transport/fetch-exchange';

import { AccountTokens } from '../../src/accounts/refresh.ts';
import { fileJournal } from '../../src/accounts/refresh-journal.ts';
import { secretOf, textOf } from '../../src/accounts/refresh-row.ts';
import { memoryCache } from '../../src/coordination/memory/cache.ts';
import { openStore } from '../../src/storage/open-store.ts';

/** How one process of the suite is set up, and what it does. */
export interface WorkerOrders {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly accountId: string;
  readonly calls: number;
  /** Default: that of the machine. */
  readonly clock?: Clock;
  /** The process ends itself, as by SIGKILL, in the place of this step. */
  readonly diesBefore?: 'save';
}

/** Opens the store of other processes and makes the tokens of its accounts, as a gateway does. */
export async function openWorker({
  dataDir,
  databaseUrl,
  diesBefore,
  clock = systemClock,
}: Omit<WorkerOrders, 'accountId' | 'calls'>) {
  const sealer = await createSealer([new Secret('a key of the tests')]);
  const store = await openStore({
    dataDir,
    clock: systemClock,
    sealer,
    ...(databaseUrl !== undefined && { databaseUrl: new Secret(databaseUrl) }),
  });
  const { accounts } = store.rows;
  const parked: string[] = [];
  const errors: unknown[] = [];
  const cache = memoryCache(() => systemClock.nowMs());
  const tokens = new AccountTokens({
    accounts: {
      get: (id) => accounts.get(id),
      update: (...asked) => {
        if (diesBefore === 'save') process.kill(process.pid, 'SIGKILL');
        return accounts.update(...asked);
      },
    },
    secrets: store.secrets,
    leases: store.tokenLeases,
    journal: fileJournal(path.join(dataDir, 'token-journal'), sealer),
    clientOf: ({ members }) => {
      const clientSecret = secretOf(members, 'client_secret');
      const endpoints = { tokenUrl: textOf(members['token_url']) ?? '' };
      const clientId = textOf(members['client_id']) ?? '';
      return { ok: true, value: { clientId, endpoints, ...(clientSecret !== undefined && { clientSecret }) } };
    },
    wayOf: () => ({ exchange: fetchExchange(), clock: systemClock }),
    clock,
    random: Math.random,
    owner: randomUUID(),
    onParked: (id) => parked.push(id),
    cache,
    onError: (error) => errors.push(error),
  });
  return { store, tokens, parked, errors, cache };
}

/** Asks for the account's token as often as it is told to, all at once; says which tokens came. */
async function work(orders: WorkerOrders): Promise<readonly string[]> {
  const { store, tokens } = await openWorker(orders);
  const row = await store.rows.accounts.get(orders.accountId);
  if (row === undefined) throw new Error('There is no such account.');
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  const { signal } = new AbortController();
  const { tokens: source } = tokens.credentialOf(row);
  const asked = Array.from({ length: orders.calls }, async () => {
    const token = await source.token(signal);
    return token.ok ? token.value.reveal() : `${token.failure.kind}: ${token.failure.message}`;
  });
  const answers = await Promise.all(asked);
  tokens.close();
  await store.close();
  return answers;
}

if (process.argv[1] === import.meta.filename) {
  const answers = await work(JSON.parse(process.argv[2] ?? '{}') as WorkerOrders);
  process.send?.(answers);
  process.disconnect?.();
}
