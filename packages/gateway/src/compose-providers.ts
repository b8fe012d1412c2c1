import type { PoolObserver } from '@patchbay/llm/credentials/pool';
import type { Seat } from '@patchbay/llm/credentials/seat';
import { systemClock } from '@patchbay/llm/model/clock';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';
import { simulatorExchange } from '@patchbay/llm/providers/simulator/exchange';

import { LocalCounter, type Counter } from './accounts/counter.ts';
import { openAccounts, type UpstreamAccounts } from './accounts/open-accounts.ts';
import type { Foundations } from './compose.ts';
import type { Network } from './compose-network.ts';
import { composeOAuth, type OAuth } from './compose-oauth.ts';
import { composeProxies, type Proxies, type ProxiesParts } from './compose-proxies.ts';
import { quotaNews } from './coordination/quota-news.ts';
import { holdCatalog, type HeldCatalog } from './pipeline/held-catalog.ts';
import { StoredMappings } from './registry/mapping-table.ts';
import { StoredPolicies } from './registry/policy-table.ts';
import { Registry } from './registry/registry.ts';
import { settledProviders } from './registry/settled-providers.ts';
import { exchangeUpstream } from './relay/exchange-upstream.ts';
import type { NetworkUpstream } from './relay/http1/http1-upstream.ts';
import type { Upstream } from './relay/upstream.ts';
import type { WaysOut } from './relay/ways-out.ts';
import type { AccountRecord } from './storage/records.ts';

/** What can be called: providers with their accounts, how those are chosen, signed in and sent, and names for models. */
export interface Providers {
  readonly registry: Registry;
  /** Every provider that settings and accounts may name. */
  readonly records: readonly ProviderRecord[];
  readonly catalog: HeldCatalog;
  readonly accounts: UpstreamAccounts;
  /** Counts the choices of accounts. */
  readonly counter: Counter;
  /** Absent where nothing signs accounts in. */
  readonly oauth: OAuth | undefined;
  /** This and the next two are absent where nothing is stored. */
  readonly proxies: Proxies | undefined;
  readonly mappings: StoredMappings | undefined;
  readonly policies: StoredPolicies | undefined;
  /** The way out of an account: through its proxy where it has one. */
  upstreamOf(accountId: string): Upstream;
  /** Reads what is stored. */
  start(): Promise<void>;
  /** Writes what is left and lets go of the store. */
  close(): Promise<void>;
}

/** Builds what can be called. */
export function composeProviders(given: Foundations, { policy, wheel, network }: Network): Providers {
  const records = given.records ?? Object.values<ProviderRecord>(PROVIDERS);
  const catalog = holdCatalog();
  const { counter = new LocalCounter() } = given;
  const policies = policiesOf(given);
  const accounts = accountsOf({ ...given, counter, policies }, catalog);
  const proxies = proxiesOf(given, { policy, wheel, targetOf: (id) => targetBehind(registry, id) });
  const upstreamOf = upstreamOfRow(proxies, network);
  const oauth = oauthOf(given, { network, wheel, policy, upstreamOf });
  const means = { network, observer: accounts.observer, quotas: accounts.quotas, oauth, ways: proxies?.ways };
  const registry: Registry = createRegistry(given, records, means);
  const mappings = mappingsOf(given);
  const stopFollowing = accounts.quotas.follow((id) => seatOf(registry, id));
  return {
    registry,
    records,
    catalog,
    accounts,
    counter,
    oauth,
    proxies,
    mappings,
    policies,
    upstreamOf: (accountId) => upstreamOfSeat(registry, accountId) ?? network,
    start: async () => {
      await proxies?.start();
      if (given.stored !== undefined) await registry.start();
      await mappings?.start();
      await policies?.start();
      await accounts.start();
    },
    close: async () => {
      stopFollowing();
      registry.close();
      mappings?.close();
      policies?.close();
      oauth?.close();
      await accounts.close();
      await proxies?.close();
    },
  };
}

/** What accounts are chosen by besides. */
interface Choosing {
  readonly counter: Counter;
  readonly policies: StoredPolicies | undefined;
}

/** Accounts are chosen as administrators or the operator say, else by what speaks for one. */
const accountsOf = (
  { counter, policies, quotas, pubsub, settings, stored, onError }: Foundations & Choosing,
  catalog: HeldCatalog,
): UpstreamAccounts =>
  openAccounts({
    counter,
    rules: settings.accountPolicies,
    ...(policies && { chosenFor: (providerId: string) => policies.of(providerId) }),
    billsCachedPrompts: (providerId, model) => {
      const price = catalog.now()?.priceOf(providerId, model, systemClock.nowMs());
      return price?.state === 'priced' && price.usdPerMillionTokens.cacheRead !== undefined;
    },
    ...(stored && { rows: stored.rows.accounts }),
    ...(quotas && { tally: quotas }),
    ...(pubsub && { news: quotaNews(pubsub) }),
    clock: systemClock,
    onError: (error) => onError(error, 'accounts'),
  });

/** What renews the tokens of accounts, where there are rows of them. */
const oauthOf = (
  { oauth, settings, onError }: Foundations,
  means: Omit<Parameters<typeof composeOAuth>[1], 'settings' | 'onError'>,
): OAuth | undefined =>
  oauth && composeOAuth(oauth, { ...means, settings, onError: (error) => onError(error, 'oauth') });

/** The proxies that accounts go out through, where any can be stored. */
const proxiesOf = (
  { stored, onError }: Foundations,
  means: Pick<ProxiesParts, 'policy' | 'wheel' | 'targetOf'>,
): Proxies | undefined =>
  stored &&
  composeProxies({
    ...means,
    rows: stored.rows,
    secrets: stored.secrets,
    changes: stored.feed,
    onProblem: (sentence) => onError(new Error(sentence), 'proxies'),
  });

/** Where the accounts of a proxy lead: what its probes ask for. */
function targetBehind(registry: Registry, proxyId: string): string | undefined {
  for (const { pool, baseUrl } of registry.current().runtimes.values())
    if (pool.seats.some(({ facts }) => String(facts.proxyId) === proxyId)) return baseUrl;
  return undefined;
}

/** The account with this id as calls choose it. */
function seatOf(registry: Registry, accountId: string): Seat | undefined {
  for (const { pool } of registry.current().runtimes.values()) {
    const seat = pool.seats.find(({ id }) => id === accountId);
    if (seat !== undefined) return seat;
  }
  return undefined;
}

/** The way of an account that can be called, where it is not the direct one. */
function upstreamOfSeat(registry: Registry, accountId: string): Upstream | undefined {
  for (const { pool, record, ways } of registry.current().runtimes.values()) {
    const seat = pool.seats.find(({ id }) => id === accountId);
    if (seat?.facts.proxyId !== undefined) return ways?.upstreamOf(seat.facts.proxyId, record.id);
  }
  return undefined;
}

/** Tokens are renewed through the proxy that presents them. */
const upstreamOfRow =
  (proxies: Proxies | undefined, network: NetworkUpstream) =>
  ({ proxyId, providerId }: Pick<AccountRecord, 'proxyId' | 'providerId'>): Upstream =>
    proxies === undefined || proxyId === undefined ? network : proxies.ways.upstreamOf(proxyId, providerId);

/** Names that users gave to models, where any are stored. */
const mappingsOf = ({ stored, onError }: Foundations): StoredMappings | undefined =>
  stored && new StoredMappings({ ...stored, onError: (error) => onError(error, 'mappings') });

/** How administrators let accounts be chosen, where that is stored. */
const policiesOf = ({ stored, onError }: Foundations): StoredPolicies | undefined =>
  stored && new StoredPolicies({ ...stored, onError: (error) => onError(error, 'accounts') });

interface RegistryMeans {
  readonly network: NetworkUpstream;
  readonly observer: PoolObserver;
  readonly quotas: PoolObserver;
  readonly oauth: OAuth | undefined;
  readonly ways: WaysOut | undefined;
}

/** Providers of the settings, and those of rows once its owner starts it. */
function createRegistry(
  given: Foundations,
  records: readonly ProviderRecord[],
  { network, observer, quotas, oauth, ways }: RegistryMeans,
): Registry {
  const clock = systemClock;
  const simulated = exchangeUpstream(simulatorExchange({ clock, random: Math.random }));
  const { settings, stored } = given;
  return new Registry({
    settled: settledProviders({ settings: settings.providers, records, network, simulated, observer: quotas, clock }),
    records,
    ...(settings.addresses && { addresses: settings.addresses }),
    ...(stored === undefined ? {} : { stored }),
    upstream: network,
    observer,
    quotas,
    ...(ways && { ways }),
    ...(oauth && { tokens: oauth.tokens, buyTokens: oauth.buyTokens }),
    clock,
    onError: (error) => given.onError(error, 'registry'),
  });
}
