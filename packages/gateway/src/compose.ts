import { randomUUIDv7 } from 'node:crypto';

import type { PoolObserver } from '@patchbay/llm/credentials/pool';
import { systemClock } from '@patchbay/llm/model/clock';
import { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';
import { simulatorExchange } from '@patchbay/llm/providers/simulator/exchange';
import { SCRIPTS } from '@patchbay/llm/providers/simulator/scripts';
import { memoryStateStore } from '@patchbay/llm/tools/signed-state/memory-state-store';
import { createVault } from '@patchbay/llm/tools/signed-state/vault';
import type { FastifyInstance } from 'fastify';

import { LocalCounter, type Counter } from './accounts/counter.ts';
import { openAccounts, type UpstreamAccounts } from './accounts/open-accounts.ts';
import { composeAdmission, type Admission, type LimitFoundations } from './compose-admission.ts';
import {
  composeManagement,
  type Management,
  type ManagementFoundations,
  type ManagementParts,
} from './compose-management.ts';
import { composeProxies, type Proxies, type ProxiesParts } from './compose-proxies.ts';
import { composeOAuth, type OAuth, type OAuthFoundations } from './compose-oauth.ts';
import type { OAuthSetting } from './config/oauth-settings.ts';
import type { Settings } from './config/settings.ts';
import { createEgressPolicy, type EgressPolicy } from './egress/policy.ts';
import { guardedConnect } from './egress/guarded-connect.ts';
import { opsRoutes } from './faces/ops/routes.ts';
import { endpointCalls, type EndpointFaceParts } from './faces/vendor/endpoints.ts';
import { passThroughCalls, type PassFaceParts } from './faces/vendor/passthrough.ts';
import { responsesCalls, type ResponsesFaceParts } from './faces/vendor/responses-routes.ts';
import { vendorCalls, vendorRoutes, type VendorParts } from './faces/vendor/routes.ts';
import { BodyReader } from './pipeline/body-reader.ts';
import { runEndpoint, type EndpointParts } from './pipeline/endpoints/run-endpoint.ts';
import { runPass } from './pipeline/endpoints/run-pass.ts';
import { holdCatalog, type HeldCatalog } from './pipeline/held-catalog.ts';
import { createPriceOf } from './pipeline/limits/price-of.ts';
import { createModelDirectory } from './pipeline/model-directory.ts';
import { createModelLister } from './pipeline/model-listing.ts';
import { ModelLists } from './pipeline/model-lists.ts';
import type { CallablesNow, ModelDirectory } from './pipeline/ports.ts';
import { StoredMappings } from './registry/mapping-table.ts';
import { Registry, type StoredRows } from './registry/registry.ts';
import { settledProviders } from './registry/settled-providers.ts';
import { composeResponses, type ResponsesParts } from './pipeline/stored-responses/compose-responses.ts';
import type { ResponseStore } from './pipeline/stored-responses/kept-response.ts';
import { compose } from './pipeline/stage.ts';
import { dispatch, type DispatchParts } from './pipeline/stages/dispatch.ts';
import type { InFlight } from './pipeline/stages/limit-in-flight.ts';
import { DeadlineWheel } from './relay/deadline-wheel.ts';
import { spentBytes } from './relay/collect-spent-bytes.ts';
import { exchangeUpstream } from './relay/exchange-upstream.ts';
import { upstreamExchange } from './relay/upstream-exchange.ts';
import type { Upstream } from './relay/upstream.ts';
import type { WaysOut } from './relay/ways-out.ts';
import type { AccountRecord } from './storage/records.ts';
import { http1Upstream, type NetworkUpstream } from './relay/http1/http1-upstream.ts';
import type { KeyVerifier } from './identity/ports.ts';
import { createListener, type ListenerOptions } from './server/listener.ts';
import type { CallSink } from './telemetry/call-record.ts';
import { pricedSink, type PriceOf } from './telemetry/cost.ts';

/** How often an idle process is looked at, in milliseconds. */
const REST_LOOK_MS = 3000;

/** What the gateway stands on, made by `main` because it must be opened and closed around it. */
export interface Foundations {
  readonly settings: Settings;
  readonly version: string;
  readonly keys: KeyVerifier;
  /** Where answers are kept for providers without state; absent where none are. */
  readonly responses?: ResponseStore;
  readonly sink: CallSink;
  readonly inFlight: InFlight;
  readonly metrics: () => string;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Rows of providers and models, which are served beside those of the settings; absent where there are none. */
  readonly stored?: StoredRows;
  /** Counts the choices of accounts. Default: within this process. */
  readonly counter?: Counter;
  /** What renews the tokens of accounts; absent where they are presented as long as they last. */
  readonly oauth?: OAuthFoundations;
  /** What limits are kept with. Default: within this process. */
  readonly limits?: LimitFoundations;
  /** Absent: the gateway serves calls alone. */
  readonly management?: ManagementFoundations;
  /** Providers that settings may name. Default: all that the product knows. */
  readonly records?: readonly ProviderRecord[];
}

export interface Gateway {
  readonly app: FastifyInstance;
  /** What can be called. */
  readonly registry: Registry;
  /** How accounts are chosen and fare. */
  readonly accounts: UpstreamAccounts;
  /** What signs accounts in and renews their tokens, where anything does. */
  readonly oauth: OAuth | undefined;
  /** Reads what is stored and writes what is built in; call it before listening. */
  start(): Promise<void>;
  /** Makes `/health` say that this process is on its way out. */
  drain(): void;
  close(): Promise<void>;
}

/** Builds the whole gateway once; nothing here has happened before it is called. */
export function composeGateway(given: Foundations): Gateway {
  const { settings } = given;
  const { bodyLimitBytes } = settings;
  const clock = systemClock;
  const wheel = new DeadlineWheel(clock);
  const policy = egressPolicyOf(settings);
  const network = http1Upstream(guardedConnect(policy, clock), wheel);
  const records = given.records ?? Object.values<ProviderRecord>(PROVIDERS);
  const catalog = holdCatalog();
  const accounts = accountsOf(given, catalog);
  const proxies = proxiesOf(given, { policy, wheel, targetOf: (id) => targetBehind(registry, id) });
  const upstreamOf = upstreamOfRow(proxies, network);
  const oauth = oauthOf(given, { network, wheel, policy, upstreamOf });
  const means = { network, observer: accounts.observer, oauth, ways: proxies?.ways };
  const registry: Registry = createRegistry(given, records, means);
  const callables: CallablesNow = () => registry.current();
  const lists = new ModelLists({ callables, fixed: SIMULATOR_MODELS, wheel, clock });
  const mappings = mappingsOf(given);
  const known = { callables, records, lists, catalog, aliases: settings.aliases, ...(mappings && { mappings }) };
  const directory = createModelDirectory(known);
  const priceOf = createPriceOf(known);
  const admission = admissionOf(given, directory, priceOf);
  const calling = {
    ...meansOf(network, wheel),
    priceOf,
    directory,
    accounts: accounts.chooser,
    timeouts: settings.timeouts,
  };
  const responses = responsesOf(given, directory);
  const pipeline = createPipeline(given, admission, calling, responses);
  const bodies = new BodyReader();
  const userAgent = `patchbay/${given.version}`;
  const models = createModelLister({ ...known, clock });
  const vendor = vendorPartsOf({ ...given, sink: pricedSink(given.sink, priceOf) }, callables, {
    bodies,
    pipeline,
    wheel,
    clock,
    models,
  });
  const parts = { ...calling, records, callables, bodyLimitBytes, userAgent };
  const app = createListener({
    direct: createCalls({ ...vendor, desk: responses?.desk }, admission, parts),
    bodyLimitBytes,
    // Ordered by time: rows of the log then lie in the order in which they are written.
    newRequestId: () => randomUUIDv7(),
    onError: given.onError,
  });
  const stopResting = clock.every(REST_LOOK_MS, () => {
    if (given.inFlight.now === 0) spentBytes.rest();
  });
  let ready = true;
  opsRoutes(app, { version: given.version, ready: () => ready, metrics: given.metrics });
  vendorRoutes(app, vendor);
  const refreshMappings = async (): Promise<void> => mappings?.refresh();
  const shared = {
    ...calling,
    registry,
    records,
    network,
    policy,
    catalog,
    upstreamAccounts: accounts,
    refreshMappings,
    oauth,
    proxies,
    ...(oauth && { buyTokens: oauth.buyTokens }),
  };
  const management = managementOf(app, given, shared);
  return {
    app,
    registry,
    oauth,
    accounts,
    start: async () => {
      await proxies?.start();
      if (given.stored !== undefined) await registry.start();
      await mappings?.start();
      await accounts.start();
      await management?.start();
    },
    drain: () => {
      ready = false;
    },
    close: async () => {
      stopResting();
      registry.close();
      mappings?.close();
      oauth?.close();
      await management?.close();
      await responses?.close();
      await app.close();
      await bodies.close();
      await accounts.close();
      await proxies?.close();
      network.close();
    },
  };
}

/** Accounts are chosen as the operator says, else by what speaks for one. */
const accountsOf = (
  { counter = new LocalCounter(), settings, stored, onError }: Foundations,
  catalog: HeldCatalog,
): UpstreamAccounts =>
  openAccounts({
    counter,
    rules: settings.accountPolicies,
    billsCachedPrompts: (providerId, model) => {
      const price = catalog.now()?.priceOf(providerId, model, systemClock.nowMs());
      return price?.state === 'priced' && price.usdPerMillionTokens.cacheRead !== undefined;
    },
    ...(stored && { rows: stored.rows.accounts }),
    clock: systemClock,
    onError: (error) => onError(error, 'accounts'),
  });

/** What the vendors' dialects are served with. */
const vendorPartsOf = (
  { sink, settings, onError, keys }: Foundations,
  callables: CallablesNow,
  made: Pick<VendorParts, 'bodies' | 'pipeline' | 'wheel' | 'clock' | 'models'>,
): VendorParts => ({
  ...made,
  sink,
  clientStallMs: settings.clientStallMs,
  registryVersion: () => callables().version,
  onError,
  keys,
});

/** What admits calls of every kind. */
const admissionOf = (given: Foundations, directory: ModelDirectory, priceOf: PriceOf): Admission =>
  composeAdmission({
    ...given.limits,
    rules: given.settings.limits,
    maxInFlight: given.settings.maxInFlight,
    inFlight: given.inFlight,
    directory,
    priceOf,
    clock: systemClock,
    random: Math.random,
    onError: (error) => given.onError(error, 'limits'),
  });

/** The way of every chat, from its admission to its answer. */
function createPipeline(
  { settings }: Foundations,
  admission: Admission,
  calling: Omit<DispatchParts, 'keepAliveMs' | 'vault'>,
  responses: ReturnType<typeof responsesOf>,
): VendorParts['pipeline'] {
  const vault = createVault({ store: memoryStateStore({ clock: calling.clock }) });
  return compose([
    admission.chat,
    ...(responses === undefined ? [] : [responses.stage]),
    dispatch({ ...calling, keepAliveMs: settings.keepAliveMs, vault }),
  ]);
}

/** What keeps answers for providers without state, where the operator wants any kept. */
function responsesOf(
  { responses: store, settings, onError }: Foundations,
  directory: ResponsesParts['directory'],
): ReturnType<typeof composeResponses> | undefined {
  const { responsesRetentionDays: retentionDays } = settings;
  if (store === undefined || retentionDays === 0) return undefined;
  return composeResponses({
    store,
    retentionDays,
    directory,
    clock: systemClock,
    newId: () => `resp_${randomUUIDv7().replaceAll('-', '')}`,
    onError: (error) => onError(error, ''),
  });
}

/** What every call is made with, whoever it goes to. */
const meansOf = (network: NetworkUpstream, wheel: DeadlineWheel) => ({
  signer: new RequestSigner({ exchange: upstreamExchange(network, wheel), clock: systemClock }),
  wheel,
  clock: systemClock,
  random: Math.random,
});

/** Where calls may go: to public addresses and to those that the operator named. */
const egressPolicyOf = ({ egressAllow, providers, oauth }: Settings): EgressPolicy =>
  createEgressPolicy(egressAllow, [
    ...providers.flatMap(({ baseUrl }) => baseUrl ?? []),
    ...oauth.flatMap(namedOrigins),
  ]);

/** Addresses of authorization servers that the operator named. */
const namedOrigins = ({ definition, endpoints, issuer }: OAuthSetting): readonly string[] => [
  ...(issuer === undefined ? [] : [issuer]),
  ...(endpoints === undefined || endpoints === definition.endpoints
    ? []
    : Object.entries(endpoints).flatMap(([name, url]) => (definition.endpoints?.[name as never] === url ? [] : [url]))),
];

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

/** Tokens are renewed through the proxy that presents them. */
const upstreamOfRow =
  (proxies: Proxies | undefined, network: NetworkUpstream) =>
  ({ proxyId, providerId }: Pick<AccountRecord, 'proxyId' | 'providerId'>): Upstream =>
    proxies === undefined || proxyId === undefined ? network : proxies.ways.upstreamOf(proxyId, providerId);

/** Names that users gave to models, where any are stored. */
const mappingsOf = ({ stored, onError }: Foundations): StoredMappings | undefined =>
  stored && new StoredMappings({ ...stored, onError: (error) => onError(error, 'mappings') });

type SharedWithCalls =
  | 'registry'
  | 'records'
  | 'network'
  | 'policy'
  | 'wheel'
  | 'signer'
  | 'directory'
  | 'upstreamAccounts'
  | 'refreshMappings'
  | 'oauth'
  | 'buyTokens';

/** The management, where it is wanted. */
function managementOf(
  app: FastifyInstance,
  given: Foundations,
  {
    oauth,
    proxies,
    ...shared
  }: Pick<ManagementParts, Exclude<SharedWithCalls, 'oauth'>> & {
    readonly catalog: HeldCatalog;
    readonly oauth: OAuth | undefined;
    readonly proxies: Proxies | undefined;
  },
): Management | undefined {
  if (given.management === undefined) return undefined;
  if (oauth === undefined || proxies === undefined)
    throw new TypeError('The management signs accounts in and keeps proxies: it needs `oauth` and `stored`.');
  const { management: settings, logRetentionDays } = given.settings;
  const { version, keys, onError } = given;
  return composeManagement(app, {
    ...given.management,
    ...shared,
    oauth,
    proxies,
    catalog: () => shared.catalog.whenRead,
    settings,
    logRetentionDays,
    version,
    keys,
    clock: systemClock,
    onError,
  });
}

interface RegistryMeans {
  readonly network: NetworkUpstream;
  readonly observer: PoolObserver;
  readonly oauth: OAuth | undefined;
  readonly ways: WaysOut | undefined;
}

/** Providers of the settings, and those of rows once its owner starts it. */
function createRegistry(
  given: Foundations,
  records: readonly ProviderRecord[],
  { network, observer, oauth, ways }: RegistryMeans,
): Registry {
  const clock = systemClock;
  const simulated = exchangeUpstream(simulatorExchange({ clock, random: Math.random }));
  const { settings, stored } = given;
  return new Registry({
    settled: settledProviders({ settings: settings.providers, records, network, simulated, clock }),
    records,
    ...(stored === undefined ? {} : { stored }),
    upstream: network,
    observer,
    ...(ways && { ways }),
    ...(oauth && { tokens: oauth.tokens, buyTokens: oauth.buyTokens }),
    clock,
    onError: (error) => given.onError(error, 'registry'),
  });
}

/** Every call on the raw socket, by method and path. */
function createCalls(
  vendor: VendorParts & Pick<ResponsesFaceParts, 'desk'>,
  admission: Admission,
  parts: EndpointParts & Pick<PassFaceParts, 'callables'> & Pick<EndpointFaceParts, 'bodyLimitBytes'>,
): ListenerOptions['direct'] {
  const chats = vendorCalls(vendor);
  const endpoint = runEndpoint(parts);
  const endpoints = endpointCalls({
    ...vendor,
    bodyLimitBytes: parts.bodyLimitBytes,
    run: (call) => admission.endpoint(call, endpoint),
  });
  const pass = runPass(parts);
  const passThrough = passThroughCalls({
    ...vendor,
    callables: parts.callables,
    run: (call) => admission.pass(call, pass),
  });
  const kept = responsesCalls({
    ...vendor,
    provider: (id) => parts.directory.provider(id),
    pass: (call) => admission.pass(call, pass),
  });
  return (method, path) =>
    chats(method, path) ?? endpoints(method, path) ?? kept(method, path) ?? passThrough(method, path);
}

const SIMULATOR_MODELS = new Map([['simulator', Object.keys(SCRIPTS).map((id) => ({ id }))]]);
