import { randomUUID } from 'node:crypto';

import type { OperationId } from '@patchbay/contract';
import type { Catalog } from '@patchbay/llm/catalog/catalog';
import type { Clock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import type { UpstreamAccounts } from './accounts/open-accounts.ts';
import type { OAuth } from './compose-oauth.ts';
import type { Proxies } from './compose-proxies.ts';
import type { KeyVerifier } from './identity/ports.ts';
import { globalTallyKey, oauthTallyKey, proxyTallyKeys } from './coordination/key-names.ts';
import { accountHandlers } from './operations/accounts/handlers.ts';
import { policyHandlers } from './operations/accounts/policy-handlers.ts';
import { tryAccount, type TryAccountParts } from './operations/accounts/try-account.ts';
import { authManagerHandlers } from './operations/auth-manager/handlers.ts';
import { explainHandlers } from './operations/explain/handlers.ts';
import type { Handlers } from './operations/handler.ts';
import { keyHandlers } from './operations/keys/handlers.ts';
import { keyUsage } from './operations/keys/usage.ts';
import { mappingHandlers } from './operations/mappings/handlers.ts';
import { oauthHandlers } from './operations/oauth/handlers.ts';
import type { RegistryPort, Rows } from './operations/ports.ts';
import { proxyHandlers } from './operations/proxies/handlers.ts';
import { quotaHandlers } from './operations/quotas/handlers.ts';
import { requestLogHandlers } from './operations/request-logs/handlers.ts';
import type { StatsParts } from './operations/request-logs/show-stats.ts';
import { memberHandlers } from './operations/self/members.ts';
import { listOffered, type OfferedParts } from './operations/self/offered-providers.ts';
import { selfHandlers } from './operations/self/self.ts';
import type { AuthParts } from './operations/users/parts.ts';
import { periodAt } from './pipeline/limits/budget-period.ts';
import type { Foresight } from './pipeline/foresight.ts';
import type { ModelDirectory } from './pipeline/ports.ts';
import type { Registry } from './registry/registry.ts';
import type { Store } from './storage/open-store.ts';
import type { PayloadFolder } from './telemetry/payloads/payload-folder.ts';

/** What the operations of the accounts interface stand on. */
export interface AccountFaceParts {
  readonly store: Store;
  readonly users: AuthParts;
  readonly registry: Registry;
  readonly records: readonly ProviderRecord[];
  readonly directory: ModelDirectory;
  readonly foresight: Foresight;
  readonly keys: KeyVerifier;
  readonly upstreamAccounts: UpstreamAccounts;
  readonly oauth: OAuth;
  readonly proxies: Proxies;
  readonly catalog: () => Promise<Catalog>;
  readonly tryAccount: TryAccountParts['tryAccount'];
  /** What is kept in the place of a key, in hexadecimal. */
  readonly hashOfKey: (text: string) => string;
  /** Makes changed keys serve at once. */
  readonly refreshKeys: () => Promise<void>;
  /** Makes changed mappings serve at once. */
  readonly refreshMappings: () => Promise<void>;
  /** Makes changed policies hold at once. */
  readonly refreshPolicies: () => Promise<void>;
  /** How long calls are kept, in days. */
  readonly logRetentionDays: number;
  /** Where a number of the day stands, by its key. Default: nothing is counted. */
  readonly readTally?: (key: string) => Promise<number>;
  /** Where bodies of calls are kept. */
  readonly payloads: PayloadFolder;
  readonly clock: Clock;
}

/** Ids of the operations that are handled here. */
type Ids = Extract<
  OperationId,
  `${'self' | 'members' | 'offered' | 'accounts' | 'accountPolicies' | 'oauth' | 'proxies' | 'keys' | 'mappings' | 'requestLogs' | 'quotas' | 'explain' | 'authManager'}.${string}`
>;

/** Handlers of the accounts interface. */
export function composeAccountFace(parts: AccountFaceParts): Handlers<Ids> {
  const { store, users, registry, upstreamAccounts, clock } = parts;
  const rows: Rows = { ...store.rows, transaction: (work) => store.transaction(work) };
  const newId = randomUUID;
  const accounts = { rows, secrets: store.secrets, registry, clock, newId };
  const keys = { rows, hashOf: parts.hashOfKey, serveNow: parts.refreshKeys, clock, newId };
  const hoursOf = (keyId: string, fromMs: number) => store.usage.hours({ keyId, fromMs, toMs: clock.nowMs() + 1 });
  const isProvider = (id: string): boolean => registry.hostOf(id) !== undefined;
  return {
    ...selfHandlers(users, keys),
    ...memberHandlers(users),
    'offered.providers': listOffered(offeredBy(parts)),
    ...accountHandlers(accounts),
    'accounts.test': tryAccount({ rows, tryAccount: parts.tryAccount }),
    ...policyHandlers({ rows, registry, chooser: upstreamAccounts.chooser, serveNow: parts.refreshPolicies, clock }),
    ...oauthHandlers({ ...parts.oauth, ...accounts }),
    ...proxyHandlers({ ...accounts, pool: waysOf(parts), probe: parts.proxies.probe }),
    ...keyHandlers(keys),
    'keys.usage': keyUsage({ ...keys, hoursOf, periodAt }),
    ...mappingHandlers({ rows, isProvider, serveNow: parts.refreshMappings, clock, newId }),
    ...requestLogHandlers({
      ...store,
      rows,
      payloads: parts.payloads,
      stats: statsOf(parts),
      keptDays: parts.logRetentionDays,
      clock,
    }),
    ...authManagerHandlers({ current: () => registry.current(), clock }),
    ...quotaHandlers({ book: upstreamAccounts.quotas, rows, registry, clock }),
    ...explainHandlers({
      find: (model, userId) => parts.directory.resolve(model, userId),
      version: () => registry.current().version,
      chooser: upstreamAccounts.chooser,
      foresight: parts.foresight,
      callerOf: (keyId) => parts.keys.callerOf?.(keyId),
      rows,
      clock,
    }),
  };
}

/** The numbers of the day, under the names that guides give them. */
const statsOf = ({ store: { rows }, readTally }: AccountFaceParts): StatsParts => ({
  rows,
  read: readTally ?? (() => Promise.resolve(0)),
  proxyKeys: (id) => [...proxyTallyKeys(id, 'requests'), ...proxyTallyKeys(id, 'errors')],
  globalKeys: [
    globalTallyKey('retries'),
    globalTallyKey('account_switches'),
    oauthTallyKey('cache_hits'),
    oauthTallyKey('cache_misses'),
  ],
});

/** What a change of proxies shows in: the proxies, and the accounts that were moved. */
const waysOf = ({ proxies, registry }: AccountFaceParts): RegistryPort => ({
  refresh: () => Promise.all([proxies.refresh(), registry.refresh()]),
});

/** Providers of the settings and of rows that can be called, and those of the product that wait for an account. */
const offeredBy = ({ registry, records }: AccountFaceParts): OfferedParts => ({
  isActive: (id) => registry.current().runtimes.has(id),
  offered: () => {
    const { runtimes } = registry.current();
    const callable = [...runtimes].map(([id, { record, baseUrl }]) => ({ id, name: record.name, baseUrl }));
    return [...callable, ...records.filter(({ id }) => !runtimes.has(id))];
  },
});
