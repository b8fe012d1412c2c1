import { createClient, type Accounts } from '../client/create-client.ts';
import type { Client } from '../client/client-of.ts';
import type { Credential } from '../credentials/credential.ts';
import { Secret } from '../credentials/secret.ts';
import { systemClock, type Clock } from '../model/clock.ts';
import { failed, ok, type Result } from '../model/failure.ts';
import { deployedRecord } from '../providers/deployed-record.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { providerById } from '../providers/registry.ts';
import { simulatorExchange } from '../providers/simulator/exchange.ts';
import { createLimiter } from '../resilience/limiter/create-limiter.ts';
import type { Limiter } from '../resilience/limiter/limiter.ts';
import type { Exchange } from '../transport/exchange.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';
import { createTraces, type Traces } from './error-traces.ts';
import { oauthAccount } from './oauth-account.ts';
import type { ProviderConfig } from './provider-config.ts';

/** What providers are made with; everything is optional, and tests bring their own. */
export interface ProviderParts {
  readonly clock?: Clock;
  /** A number from 0 up to 1. */
  readonly random?: () => number;
  /** Default: `fetch`, and the built-in simulator for its own address. */
  readonly exchange?: Exchange;
}

/** A provider as one config reaches it. */
export interface Connection {
  readonly record: ProviderRecord;
  readonly client: Client;
  /** Accounts that may be tried in turn; at least 1. */
  readonly accounts: number;
  readonly traces: Traces;
}

/** Connects a provider of the registry; nothing is sent. What is missing is an `invalid-request` failure. */
export function connect(config: ProviderConfig, parts: ProviderParts): Result<Connection> {
  const known = providerById(config.type);
  if (known === undefined) return failed({ kind: 'invalid-request', path: 'type', message: unknownType(config.type) });
  const settings = config.providerConfig ?? {};
  const valueOf = (name: string): string | undefined => {
    const value = settings[name];
    return typeof value === 'string' ? value : undefined;
  };
  const deployed = deployedRecord(known, valueOf, config.baseUrl && baseUrlOf(known, config.baseUrl));
  if (!deployed.ok) return deployed;
  // Read once: what stands in the record now is final.
  const { variables: _, variants: __, ...final } = deployed.value;
  const record: ProviderRecord = { ...final, headers: { ...final.headers, ...lowerCase(config.headers ?? {}) } };
  const clock = parts.clock ?? systemClock;
  const traces = createTraces(parts.exchange ?? exchangeFor(record, { ...parts, clock }));
  const accounts = accountsOf(record, config, { exchange: traces.exchange, clock });
  const limits = limitsOf(record, config, clock);
  const client = createClient({
    ...parts,
    providers: [record],
    exchange: traces.exchange,
    observer: traces.observer,
    attemptsMax: Math.max(1, accounts.length),
    ...(accounts.length > 0 && { credentials: { [record.id]: accounts } }),
    ...(config.timeout !== undefined && { timeouts: timeoutsOf(config.timeout) }),
    ...(limits && { limits }),
  });
  return ok({ record, client, accounts: Math.max(1, accounts.length), traces });
}

const unknownType = (type: string): string => `No provider is called "${type}". See getSupportedProviders().`;

const exchangeFor = (
  record: ProviderRecord,
  { clock, random = () => 0.5 }: ProviderParts & { readonly clock: Clock },
) => (record.baseUrl === providerById('simulator')?.baseUrl ? simulatorExchange({ clock, random }) : fetchExchange());

/** Silence is what is watched: a long answer may take as long as it speaks. 0 watches nothing. */
const timeoutsOf = (timeoutMs: number) => ({ headersMs: timeoutMs, firstTokenMs: timeoutMs, idleMs: timeoutMs });

/** Providers whose addresses are documented without the version that their paths begin with. */
const VERSIONED: ReadonlySet<string> = new Set(['anthropic', 'gemini', 'ollama']);

function baseUrlOf({ id, baseUrl }: ProviderRecord, given: string): string {
  const url = given.replace(/\/+$/, '');
  const hasPath = /^[a-z]+:\/\/[^/]+\//i.test(url);
  return hasPath || !VERSIONED.has(id) ? url : url + new URL(baseUrl).pathname;
}

const lowerCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function accountsOf(
  record: ProviderRecord,
  config: ProviderConfig,
  way: { readonly exchange: Exchange; readonly clock: Clock },
): Accounts {
  const { apiKey, apiKeys = [], oauthCredentials = [], accounts = [] } = config;
  const keys = [...(apiKey === undefined ? [] : [apiKey]), ...apiKeys];
  return [
    ...accounts,
    ...oauthCredentials.map((set, at) => oauthAccount(set, { providerId: record.id, at, way })),
    ...keys.map((key, at): Credential => ({
      kind: 'api-key',
      id: `${record.id}-${at + 1}`,
      key: key instanceof Secret ? key : new Secret(key.trim()),
    })),
  ];
}

function limitsOf({ id }: ProviderRecord, { rateLimit }: ProviderConfig, clock: Clock): Limiter | undefined {
  if (rateLimit?.enabled !== true) return undefined;
  const { enabled: _, ...rates } = rateLimit;
  return createLimiter({ clock, limits: { [id]: rates } });
}
