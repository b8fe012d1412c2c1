import type { Catalog } from '../catalog/catalog.ts';
import type { Credential } from '../credentials/credential.ts';
import { CredentialPool } from '../credentials/pool.ts';
import { Secret } from '../credentials/secret.ts';
import { systemClock, systemRandom, type Clock } from '../model/clock.ts';
import type { CallObserver } from '../model/observer.ts';
import type { Middleware } from '../plugins/middleware.ts';
import { deployedRecord } from '../providers/deployed-record.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import type { Limiter } from '../resilience/limiter/limiter.ts';
import { retryPolicyOf, type RetryOption } from '../resilience/retry-policy.ts';
import type { SignedStateVault } from '../tools/signed-state/vault.ts';
import type { Exchange } from '../transport/exchange.ts';
import type { ClientContext } from './context.ts';
import { LlmError } from './llm-error.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './watchdog.ts';

/** One or more keys of one provider, tried in order when one fails. */
export type Keys = string | Secret | readonly (string | Secret)[];

/** Accounts that sign, such as Amazon's and Google's, or any others, by their parts; tried in order when one fails. */
export type Accounts = readonly Credential[];

/** What every client can be made with, whatever it carries; everything is optional. */
export interface SharedOptions {
  /** Keys or accounts by provider id. Providers that ask for none need no entry. */
  readonly credentials?: Readonly<Record<string, Keys | Accounts>>;
  /** What addresses of providers have of the customer's own, by the variables' names, e.g. `AWS_REGION`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Default: `fetch`. */
  readonly exchange?: Exchange;
  readonly timeouts?: Partial<Timeouts>;
  /** Attempts over all keys and retries of one call. Default 4. */
  readonly attemptsMax?: number;
  /** When nobody answered: whether, when and how often all are asked again. Default: once, where that may help. */
  readonly retry?: RetryOption;
  readonly clock?: Clock;
  /** A number from 0 up to 1, for jitter. */
  readonly random?: () => number;
  /** What models cost and can do. */
  readonly catalog?: Catalog;
  /** Is told of every call while it happens. */
  readonly observer?: CallObserver;
  /** Keeps every attempt below limits. Default: none. */
  readonly limits?: Limiter;
  /** Stand around every `generate` and `stream`, the first outermost. */
  readonly plugins?: readonly Middleware[];
}

/** What a client is made of besides its options. */
type Carried = Pick<ClientContext, 'exchangeOf' | 'sign' | 'codecOf' | 'newDecoder' | 'fit' | 'costOf' | 'catalog'> & {
  readonly vault?: SignedStateVault;
};

/** What of a client its carried parts are made with. */
export type Surroundings = Pick<ClientContext, 'clock' | 'random'>;

/** The context of a client: its options, and what it carries. An option that makes no sense throws `LlmError`. */
export function contextOf(
  records: readonly ProviderRecord[],
  options: SharedOptions,
  carry: (surroundings: Surroundings) => Carried,
): ClientContext {
  const { clock = systemClock, random = systemRandom, observer, limits } = options;
  const providers = records.map((record) => deployed(record, options));
  const retry = options.retry === undefined ? undefined : retryPolicyOf(options.retry);
  if (retry?.ok === false) throw new LlmError(retry.failure);
  return {
    providers: new Map(providers.map((record) => [record.id, record])),
    pools: new Map(providers.flatMap((record) => poolOf(record, options.credentials?.[record.id], clock))),
    ...carry({ clock, random }),
    kept: {},
    clock,
    random,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    attemptsMax: options.attemptsMax ?? 4,
    ...(retry !== undefined && { retry: retry.value }),
    ...(observer !== undefined && { observer }),
    ...(limits !== undefined && { limits }),
    plugins: options.plugins ?? [],
  };
}

/** A record in its place; one that nobody has an account of may lack what its address needs. */
function deployed(record: ProviderRecord, { variables = {}, credentials = {} }: SharedOptions): ProviderRecord {
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
