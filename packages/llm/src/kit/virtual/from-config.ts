import { failed, invalidRequest, ok, type Result } from '../../model/failure.ts';
import type { BalanceStrategy } from '../../routing/balance.ts';
import { isObject } from '../../wire/read.ts';
import { invalidConfig } from '../check-config.ts';
import type { ProviderConfig } from '../provider-config.ts';
import type { Provider } from '../provider.ts';
import { newCheapestProvider } from './cheapest.ts';
import { newFallbackProvider } from './fallback.ts';
import { newLoadBalanceProvider } from './load-balance.ts';
import { newRaceHistoryFile } from './race-history-store.ts';
import { newRacingProvider, type RacingStrategy, type VirtualModel } from './racing.ts';
import type { VirtualConfig } from './virtual-provider.ts';

/** Types of providers that answer through others. */
export const VIRTUAL_TYPES = ['racing', 'fallback', 'loadbalance', 'cheapest'] as const;

/** One of them. */
export type VirtualType = (typeof VIRTUAL_TYPES)[number];

/** Whether a type is one of them. */
export const isVirtualType = (type: string): type is VirtualType => VIRTUAL_TYPES.some((each) => each === type);

/** What virtual providers are made with besides their config. */
export interface VirtualParts extends Pick<VirtualConfig, 'clock' | 'random' | 'collector'> {
  /** Makes one of its providers of a block as files have it. */
  readonly create: (block: Readonly<Record<string, unknown>>) => Provider;
}

/**
 * Makes a virtual provider of a config, whose `providerConfig` has `providers` (providers, or blocks of such) and the
 * settings of its kind, in camel case or in snake case. Throws `ProviderError` of code `invalid_config`.
 */
export function virtualProvider(type: VirtualType, config: ProviderConfig, parts: VirtualParts): Provider {
  const { providers, ...rest } = config.providerConfig ?? {};
  const settings = readSettings(type, rest);
  if (!settings.ok) throw invalidConfig(config.name ?? type, [settings.failure.message]);
  const { create, ...others } = parts;
  const base = { name: config.name ?? type, providers: providersIn(type, providers, create), ...others };
  return MAKERS[type](base, settings.value);
}

function providersIn(type: VirtualType, given: unknown, create: VirtualParts['create']): readonly Provider[] {
  if (given !== undefined && !Array.isArray(given)) throw invalidConfig(type, ['providers must be a list.']);
  return (given ?? []).map((each: unknown) => {
    if (isProvider(each)) return each;
    if (typeof each !== 'string' && isObject(each)) return create(each);
    throw invalidConfig(type, [
      `No provider is called ${JSON.stringify(each)}. Name one of the same file, or give the provider itself.`,
    ]);
  });
}

const isProvider = (value: unknown): value is Provider =>
  typeof value === 'object' && value !== null && 'generateChatCompletion' in value;

/** Everything that a kind may be told, read. */
interface Settings {
  readonly strategy?: string;
  readonly timeoutMs?: number;
  readonly gracePeriodMs?: number;
  readonly virtualModels?: Readonly<Record<string, VirtualModel>>;
  readonly defaultVirtualModel?: string;
  readonly performanceFile?: string;
  readonly weights?: Readonly<Record<string, number>>;
  readonly retryNext?: boolean;
}

const MAKERS: Readonly<Record<VirtualType, (base: VirtualConfig, settings: Settings) => Provider>> = {
  racing: (base, { strategy, performanceFile, ...rest }) =>
    newRacingProvider({
      ...base,
      ...rest,
      // What is no strategy is told by the provider itself.
      ...(strategy !== undefined && { strategy: strategy as RacingStrategy }),
      ...(performanceFile !== undefined && { history: newRaceHistoryFile(performanceFile) }),
    }),
  fallback: (base) => newFallbackProvider(base),
  loadbalance: (base, { strategy, weights, retryNext }) =>
    newLoadBalanceProvider({
      ...base,
      ...(strategy !== undefined && { strategy: strategy as BalanceStrategy }),
      ...(weights && { weights }),
      ...(retryNext !== undefined && { retryNext }),
    }),
  cheapest: (base) => newCheapestProvider(base),
};

type Kind = 'text' | 'number' | 'flag' | 'shares' | 'models';

const MEMBERS: Readonly<Record<VirtualType, Readonly<Record<string, Kind>>>> = {
  racing: {
    strategy: 'text',
    timeoutMs: 'number',
    gracePeriodMs: 'number',
    virtualModels: 'models',
    defaultVirtualModel: 'text',
    performanceFile: 'text',
  },
  fallback: {},
  loadbalance: { strategy: 'text', weights: 'shares', retryNext: 'flag' },
  cheapest: {},
};

function readSettings(type: VirtualType, given: Readonly<Record<string, unknown>>): Result<Settings> {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = MEMBERS[type][camel(name)];
    const known = ['providers', ...Object.keys(MEMBERS[type])].join(', ');
    if (kind === undefined) return failed(invalidRequest(name, `${type} has no setting ${name}. It has: ${known}.`));
    const found = READERS[kind](value);
    if (found === undefined) return failed(invalidRequest(name, `${name} of ${type} must be ${WANTED[kind]}.`));
    read[camel(name)] = found;
  }
  return ok(read);
}

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const WANTED: Readonly<Record<Kind, string>> = {
  text: 'text',
  number: 'a number from 0',
  flag: 'true or false',
  shares: 'numbers by the names of providers',
  models: 'members by the names of models',
};

/** `undefined` where the value is no such thing. */
const READERS: Readonly<Record<Kind, (value: unknown) => unknown>> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  number: (value) => (typeof value === 'number' && value >= 0 ? value : undefined),
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  shares: (value) =>
    isObject(value) && Object.values(value).every((each) => typeof each === 'number') ? value : undefined,
  models: (value) => {
    if (!isObject(value) || !Object.values(value).every(isObject)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, model]) => [name, camelMembers(model)]));
  },
};

const camelMembers = (value: unknown): object =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [camel(name), each])) : {};
