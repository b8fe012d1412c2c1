import { failed, invalidRequest, ok, type Result } from '../../model/failure.ts';
import { isObject } from '../../wire/read.ts';
import type { OAuthCredentialSet, ProviderConfig, RateLimitConfig } from '../provider-config.ts';
import { expandVariables } from './expand-variables.ts';
import type { Environment } from './environment.ts';

type Kind = 'text' | 'flag' | 'number' | 'seconds' | 'texts' | 'map' | 'object' | 'list';

/** What a file may say of a provider: names in YAML, names in configs, and how they are read. */
const MEMBERS: readonly (readonly [string, keyof Flat, Kind])[] = [
  ['type', 'type', 'text'],
  ['name', 'name', 'text'],
  ['description', 'description', 'text'],
  ['base_url', 'baseUrl', 'text'],
  ['api_key', 'apiKey', 'text'],
  ['api_key_env', 'apiKeyEnv', 'text'],
  ['api_keys', 'apiKeys', 'texts'],
  ['model', 'defaultModel', 'text'],
  ['default_model', 'defaultModel', 'text'],
  ['headers', 'headers', 'map'],
  ['timeout', 'timeout', 'seconds'],
  ['max_retries', 'maxRetries', 'number'],
  ['max_tokens', 'maxTokens', 'number'],
  ['rate_limit', 'rateLimit', 'object'],
  ['oauth_credentials', 'oauthCredentials', 'list'],
  ['model_capabilities', 'modelCapabilities', 'object'],
  ['supports_streaming', 'supportsStreaming', 'flag'],
  ['supports_tool_calling', 'supportsToolCalling', 'flag'],
  ['supports_responses_api', 'supportsResponsesApi', 'flag'],
  ['tool_format', 'toolFormat', 'text'],
  ['provider_config', 'providerConfig', 'object'],
  // Whether the provider counts, which whoever reads the whole file knows, and its one OAuth account.
  ['enabled', 'enabled', 'flag'],
  ['auth_type', 'authType', 'text'],
  ['client_id', 'clientId', 'text'],
  ['client_secret', 'clientSecret', 'text'],
  ['access_token', 'accessToken', 'text'],
  ['refresh_token', 'refreshToken', 'text'],
  ['token_url', 'tokenUrl', 'text'],
  ['project_id', 'projectId', 'text'],
];

/** Everything that one provider's block may hold, in one layer. */
interface Flat extends Partial<ProviderConfig> {
  readonly enabled?: boolean;
  readonly authType?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly tokenUrl?: string;
  readonly projectId?: string;
}

/** Where a block stands, and what its variables are read from. */
export interface BlockPlace {
  /** For messages, e.g. `providers.openai`. */
  readonly path: string;
  readonly env: Environment;
  /** Type and name where the block says none. */
  readonly type?: string;
}

/**
 * Reads the block of one provider. Members are named as in YAML or as in configs; `timeout` is seconds. A member that is
 * unknown, has the wrong type or names a variable that is not set is a failure whose path and message name it.
 */
export function readProviderBlock(block: unknown, place: BlockPlace): Result<ProviderConfig> {
  if (!isObject(block)) return failed(invalidRequest(place.path, `${place.path} must hold members, e.g. api_key.`));
  const flat: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(block)) {
    if (given === undefined || given === null) continue;
    const path = `${place.path}.${name}`;
    const member = MEMBERS.find(([yaml, camel]) => yaml === name || camel === name);
    if (member === undefined) return failed(invalidRequest(path, `${path} is not known. ${knownNames(name)}`));
    const expanded = expandVariables(given, { path, env: place.env });
    if (!expanded.ok) return expanded;
    const read = READERS[member[2]](expanded.value, path);
    if (!read.ok) return read;
    flat[member[1]] = read.value;
  }
  return blockOf(flat as Flat, place);
}

function blockOf(flat: Flat, { path, type: named }: BlockPlace): Result<ProviderConfig> {
  const {
    enabled: _,
    authType,
    clientId,
    clientSecret,
    accessToken,
    refreshToken,
    tokenUrl,
    projectId,
    ...rest
  } = flat;
  const type = rest.type ?? named;
  if (type === undefined || type === '')
    return failed(invalidRequest(`${path}.type`, `required field missing: ${path}.type. Set it, e.g. openai.`));
  const single: OAuthCredentialSet = {
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(tokenUrl !== undefined && { tokenUrl }),
  };
  const sets = rest.oauthCredentials?.map(oauthSetOf) ?? [];
  const isOAuth = authType === 'oauth' || Object.keys(single).length > 0;
  const credentials = isOAuth && sets.length === 0 ? [single] : sets;
  const project = projectId === undefined ? {} : { 'x-goog-user-project': projectId };
  const headers = { ...project, ...rest.headers };
  const config: ProviderConfig = {
    ...rest,
    type,
    ...(credentials.length > 0 && { oauthCredentials: credentials }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(rest.rateLimit && { rateLimit: camelMembers(rest.rateLimit) as RateLimitConfig }),
    ...(rest.modelCapabilities && { modelCapabilities: mapValues(rest.modelCapabilities, camelMembers) }),
  };
  return ok(config);
}

const oauthSetOf = (set: OAuthCredentialSet): OAuthCredentialSet => camelMembers(set) as OAuthCredentialSet;

const camelMembers = (object: object): object =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [camel(name), value]));

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const mapValues = <T>(object: Readonly<Record<string, T & object>>, change: (value: object) => object) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

type Reader = (value: unknown, path: string) => Result<unknown>;

const wrong = (path: string, wanted: string) => failed(invalidRequest(path, `${path} must be ${wanted}.`));

const numberOf: Reader = (value, path) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? ok(number) : wrong(path, 'a number');
};

const READERS: Readonly<Record<Kind, Reader>> = {
  text: (value, path) =>
    typeof value === 'string' || typeof value === 'number' ? ok(String(value)) : wrong(path, 'text'),
  flag: (value, path) => {
    const flag = value === 'true' ? true : value === 'false' ? false : value;
    return typeof flag === 'boolean' ? ok(flag) : wrong(path, 'true or false');
  },
  number: numberOf,
  seconds: (value, path) => {
    const text = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m)\s*$/.exec(value) : null;
    if (text !== null) return ok(Number(text[1]) * UNIT_MS[text[2] as keyof typeof UNIT_MS]);
    const seconds = numberOf(value, path);
    return seconds.ok ? ok((seconds.value as number) * UNIT_MS.s) : wrong(path, 'seconds, e.g. 30, or 30s, 500ms, 2m');
  },
  texts: (value, path) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')
      ? ok(value)
      : wrong(path, 'a list of texts, e.g. [key1, key2]'),
  map: (value, path) =>
    isObject(value) && Object.values(value).every((each) => typeof each === 'string')
      ? ok(value)
      : wrong(path, 'names with texts'),
  object: (value, path) => (isObject(value) ? ok(value) : wrong(path, 'members with values')),
  list: (value, path) =>
    Array.isArray(value) && value.every(isObject) ? ok(value) : wrong(path, 'a list of members with values'),
};

const UNIT_MS = { ms: 1, s: 1000, m: 60_000 } as const;

function knownNames(name: string): string {
  const names = [...new Set(MEMBERS.map(([yaml]) => yaml))];
  const near = names.filter((each) => each.startsWith(name.slice(0, 3)));
  return `Use one of: ${(near.length > 0 ? near : names).join(', ')}.`;
}
