import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/load-catalog.ts';
import { schemeFor, type Credential } from '../credentials/credential.ts';
import { CredentialPool } from '../credentials/pool.ts';
import { Secret } from '../credentials/secret.ts';
import { RequestSigner } from '../credentials/signers/request-signer.ts';
import { deployedRecord } from '../providers/deployed-record.ts';
import { systemClock, systemRandom, type Clock } from '../model/clock.ts';
import type { CallObserver } from '../model/observer.ts';
import type { Middleware } from '../plugins/middleware.ts';
import { codecOf } from '../providers/codec-of.ts';
import type { Limiter } from '../resilience/limiter/limiter.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { simulatorExchange } from '../providers/simulator/exchange.ts';
import type { Exchange } from '../transport/exchange.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { clientOf, type Client } from './client-of.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './watchdog.ts';

export type { Client } from './client-of.ts';

/** One or more keys of one provider, tried in order when one fails. */
export type Keys = string | Secret | readonly (string | Secret)[];

/** Accounts that sign, such as Amazon's and Google's, or any others, by their parts; tried in order when one fails. */
export type Accounts = readonly Credential[];

/** How a client is made; everything is optional. */
export interface ClientOptions {
  /** Default: every provider of the registry. A record with another `baseUrl` points a provider elsewhere. */
  readonly providers?: readonly ProviderRecord[];
  /** Keys or accounts by provider id. Providers that ask for none need no entry. */
  readonly credentials?: Readonly<Record<string, Keys | Accounts>>;
  /** What addresses of providers have of the customer's own, by the variables' names, e.g. `AWS_REGION`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Default: `fetch`, and the built-in simulator for its own address. */
  readonly exchange?: Exchange;
  readonly timeouts?: Partial<Timeouts>;
  /** Attempts over all keys and retries of one call. Default 4. */
  readonly attemptsMax?: number;
  readonly clock?: Clock;
  /** A number from 0 up to 1, for jitter. */
  readonly random?: () => number;
  /** What models cost and can do. Default: the catalogue of this release, read when it is first needed. */
  readonly catalog?: Catalog;
  /** Is told of every call while it happens. */
  readonly observer?: CallObserver;
  /** Keeps every attempt below limits. Default: none. */
  readonly limits?: Limiter;
  /** Stand around every `generate` and `stream`, the first outermost. */
  readonly plugins?: readonly Middleware[];
}

/** Makes a client. Nothing is sent before the first call; unknown providers are refused at once. */
export const createClient = (options: ClientOptions = {}): Client => clientOf(contextOf(options));

function contextOf(options: ClientOptions): ClientContext {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const records = (options.providers ?? Object.values(PROVIDERS)).map((record) => deployed(record, options));
  const simulated = simulatorExchange({ clock, random });
  const fetched = fetchExchange();
  const signer = new RequestSigner({ exchange: options.exchange ?? fetched, clock });
  let catalog = options.catalog && Promise.resolve(options.catalog);
  const isSimulated = (provider: ProviderRecord): boolean => provider.baseUrl === PROVIDERS.simulator.baseUrl;
  return {
    providers: new Map(records.map((record) => [record.id, record])),
    pools: new Map(records.flatMap((record) => poolOf(record, options.credentials?.[record.id], clock))),
    sign: (provider, credential, request, signal) =>
      signer.sign(schemeFor(provider.auth, credential) ?? provider.auth[0], credential, request, signal),
    codecOf,
    catalog: () => (catalog ??= loadCatalog()),
    exchangeOf: (provider) => options.exchange ?? (isSimulated(provider) ? simulated : fetched),
    clock,
    random,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    attemptsMax: options.attemptsMax ?? 4,
    ...(options.observer !== undefined && { observer: options.observer }),
    ...(options.limits !== undefined && { limits: options.limits }),
    plugins: options.plugins ?? [],
  };
}

/** A record in its place; one that nobody has an account of may lack what its address needs. */
function deployed(record: ProviderRecord, { variables = {}, credentials = {} }: ClientOptions): ProviderRecord {
  const read = deployedRecord(record, (env) => variables[env]);
  if (read.ok) return read.value;
  if (credentials[record.id] !== undefined) throw new LlmError(read.failure);
  return record;
}

function poolOf(
  record: ProviderRecord,
  keys: Keys | Accounts | undefined,
  clock: Clock,
): readonly (readonly [string, CredentialPool])[] {
  const credentials = keys === undefined ? anonymousOf(record) : isAccounts(keys) ? keys : apiKeysOf(record.id, keys);
  return credentials.length === 0 ? [] : [[record.id, new CredentialPool({ credentials, clock })]];
}

function anonymousOf(record: ProviderRecord): readonly Credential[] {
  const mayBeAnonymous = record.auth.some((scheme) => scheme.kind === 'none');
  return mayBeAnonymous ? [{ kind: 'anonymous', id: `${record.id}-anonymous` }] : [];
}

const isAccounts = (keys: Keys | Accounts): keys is Accounts =>
  Array.isArray(keys) && keys.length > 0 && keys.every((each) => typeof each === 'object' && 'kind' in each);

function apiKeysOf(providerId: string, keys: Keys): readonly Credential[] {
  const list = typeof keys === 'string' || keys instanceof Secret ? [keys] : keys;
  return list.map((key, at) => ({
    kind: 'api-key',
    id: `${providerId}-${at + 1}`,
    key: key instanceof Secret ? key : new Secret(key.trim()),
  }));
}
