import { providerById, PROVIDERS } from '../../providers/registry.ts';
import type { JsonObject } from '../../model/json.ts';
import { isObject } from '../../wire/read.ts';
import { configMistakes, invalidConfig, missingCredential } from '../check-config.ts';
import type { ProviderFactory, TypedConfig } from '../factory.ts';
import { withDefaults, type OAuthCredentialSet, type ProviderConfig } from '../provider-config.ts';
import type { Provider } from '../provider.ts';
import { isVirtualType } from '../virtual/from-config.ts';
import { processEnvironment, type Environment } from './environment.ts';
import { readProviderBlock } from './read-provider-block.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const TOKEN_STORAGES = ['file', 'memory'] as const;

/** What a file and the variables say together. */
export interface KitConfig {
  /** Providers that are switched on, by their names, with defaults in the places left open. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** Names of those that are switched off. */
  readonly disabled: readonly string[];
  /** `log_level` or `LOG_LEVEL`. Default `info`. */
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** `token_storage` or `TOKEN_STORAGE`. Default `file`. */
  readonly tokenStorage: (typeof TOKEN_STORAGES)[number];
}

/** How a config is read. */
export interface ConfigOptions {
  /** Default: the process's variables. */
  readonly env?: Environment;
  /** What counts before everything else, by the names of providers. */
  readonly overrides?: Readonly<Record<string, TypedConfig>>;
}

/**
 * Reads a config from YAML text. What is explicit counts before the variables named in it as `${NAME}`, those before the
 * defaults of the library, and those before the provider's own. A block without a key takes `<PROVIDER>_API_KEY`; without
 * any `providers`, all providers count that have such a variable. Members that it does not know outside of `providers` are
 * left alone. Throws `ProviderError` of code `invalid_config`, which names every field and what to do.
 */
export async function parseConfig(yaml: string, options: ConfigOptions = {}): Promise<KitConfig> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(yaml, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw invalidConfig('config', [`The YAML cannot be read: ${broken.message}`]);
  const read: unknown = document.toJS() ?? {};
  if (!isObject(read)) throw invalidConfig('config', ['The YAML must hold members, e.g. providers.']);
  return readConfig(read, options);
}

/**
 * Makes every provider of a config, by name. Those that answer through others may name them, whatever their order, and
 * those of `known`, too.
 */
export function createProviders(
  factory: ProviderFactory,
  { providers }: Pick<KitConfig, 'providers'>,
  known: Readonly<Record<string, Provider>> = {},
): Readonly<Record<string, Provider>> {
  const made = new Map<string, Provider>();
  const make = (name: string, behind: readonly string[] = []): Provider | undefined => {
    const config = providers[name];
    if (made.has(name) || config === undefined) return made.get(name) ?? known[name];
    if (behind.includes(name)) throw invalidConfig(name, [`${[...behind, name].join(' → ')} goes round in a circle.`]);
    const found = (each: unknown): unknown =>
      typeof each === 'string' ? (make(each, [...behind, name]) ?? each) : each;
    const one = factory.createProvider(config.type, isVirtualType(config.type) ? throughOthers(config, found) : config);
    made.set(name, one);
    return one;
  };
  for (const name of Object.keys(providers)) make(name);
  return Object.fromEntries(Object.keys(providers).flatMap((name) => [[name, made.get(name)] as const].filter(isMade)));
}

const isMade = (entry: readonly [string, Provider | undefined]): entry is readonly [string, Provider] =>
  entry[1] !== undefined;

/** The config with providers in the places of their names. */
function throughOthers(config: ProviderConfig, found: (name: unknown) => unknown): ProviderConfig {
  const { providers: named, ...settings } = config.providerConfig ?? {};
  return { ...config, providerConfig: { ...settings, ...(Array.isArray(named) && { providers: named.map(found) }) } };
}

function readConfig(members: JsonObject, { env = processEnvironment(), overrides = {} }: ConfigOptions): KitConfig {
  const mistakes = misplaced(members);
  const blocks = isObject(members['providers']) ? members['providers'] : blocksOf(env);
  const disabled = Object.keys(blocks).filter((name) => isOff(blocks[name]));
  const providers: Record<string, ProviderConfig> = {};
  for (const [name, block] of Object.entries(blocks)) {
    if (disabled.includes(name)) continue;
    const read = readProviderBlock(block ?? {}, { path: `providers.${name}`, env, type: name });
    if (read.ok) providers[name] = withDefaults(withVariables(name, { ...read.value, ...overrides[name] }, env));
    else mistakes.push(read.failure.message);
  }
  for (const config of Object.values(providers)) mistakes.push(...mistakesOf(config));
  const logLevel = oneOf(LOG_LEVELS, members['log_level'] ?? env['LOG_LEVEL'], 'info');
  if (logLevel === undefined) mistakes.push(`log_level must be one of: ${LOG_LEVELS.join(', ')}.`);
  const tokenStorage = oneOf(TOKEN_STORAGES, members['token_storage'] ?? env['TOKEN_STORAGE'], 'file');
  if (tokenStorage === undefined) mistakes.push(`token_storage must be one of: ${TOKEN_STORAGES.join(', ')}.`);
  if (mistakes.length > 0 || logLevel === undefined || tokenStorage === undefined)
    throw invalidConfig('config', mistakes);
  return { providers, disabled, logLevel, tokenStorage };
}

const isOff = (block: unknown): boolean =>
  isObject(block) && (block['enabled'] === false || block['enabled'] === 'false');

function mistakesOf(config: ProviderConfig): readonly string[] {
  const place = `providers.${config.name}`;
  const record = providerById(config.type);
  const missing = record && missingCredential(config, record);
  return [...configMistakes(config).map((each) => `${place}: ${each}`), ...(missing === undefined ? [] : [missing])];
}

/** Blocks that slipped out of `providers`, which then has nothing in it. */
function misplaced(members: JsonObject): string[] {
  const slipped = Object.keys(members).filter((name) => Object.hasOwn(PROVIDERS, name) && isObject(members[name]));
  const empty = members['providers'] !== undefined && members['providers'] !== null && !isObject(members['providers']);
  return [
    ...slipped.map((name) => `${name} stands outside of providers. Indent it by two spaces.`),
    ...(empty ? ['providers must hold members, e.g. openai.'] : []),
  ];
}

function oneOf<Word extends string>(words: readonly Word[], given: unknown, otherwise: Word): Word | undefined {
  if (given === undefined || given === null || given === '') return otherwise;
  return words.find((word) => word === given);
}

/** Where no file says which providers count, those do that variables give something to sign in with. */
function blocksOf(env: Environment): JsonObject {
  const named = Object.values(PROVIDERS).filter(
    ({ envPrefix }) => keysOf(envPrefix, env).length > 0 || env[`${envPrefix}_CLIENT_ID`],
  );
  return Object.fromEntries(named.map(({ id }) => [id, {}]));
}

/** The keys of a provider in the variables: `<PREFIX>_API_KEY`, then `_1`, `_2` and so on. */
function keysOf(prefix: string, env: Environment): readonly string[] {
  const keys = env[`${prefix}_API_KEY`] ? [env[`${prefix}_API_KEY`] as string] : [];
  for (let number = 1; env[`${prefix}_API_KEY_${number}`]; number += 1)
    keys.push(env[`${prefix}_API_KEY_${number}`] as string);
  return keys;
}

/** The config with what variables hold in the places that it leaves open. */
function withVariables(name: string, config: ProviderConfig, env: Environment): ProviderConfig {
  const named = { ...config, name: config.name ?? name };
  const prefix = providerById(config.type)?.envPrefix;
  if (prefix === undefined) return named;
  const project = env[`${prefix}_PROJECT_ID`];
  const headers =
    project === undefined || prefix !== 'GEMINI'
      ? {}
      : { headers: { 'x-goog-user-project': project, ...config.headers } };
  const baseUrl = config.baseUrl ?? env[`${prefix}_BASE_URL`];
  return { ...named, ...headers, ...(baseUrl && { baseUrl }), ...signInOf(config, prefix, env) };
}

function signInOf(config: ProviderConfig, prefix: string, env: Environment): Partial<ProviderConfig> {
  const { apiKey, apiKeyEnv, apiKeys = [], oauthCredentials = [] } = config;
  const client = clientOf(prefix, env);
  if (oauthCredentials.length > 0) return { oauthCredentials: oauthCredentials.map((set) => ({ ...client, ...set })) };
  if (apiKey !== undefined || apiKeys.length > 0) return {};
  if (apiKeyEnv !== undefined) return env[apiKeyEnv] ? { apiKey: env[apiKeyEnv] } : {};
  const [first, ...rest] = keysOf(prefix, env);
  if (first !== undefined) return { apiKey: first, ...(rest.length > 0 && { apiKeys: rest }) };
  return client.clientId === undefined ? {} : { oauthCredentials: [client] };
}

function clientOf(prefix: string, env: Environment): OAuthCredentialSet {
  const [clientId, clientSecret] = [env[`${prefix}_CLIENT_ID`], env[`${prefix}_CLIENT_SECRET`]];
  return { ...(clientId && { clientId }), ...(clientSecret && { clientSecret }) };
}
