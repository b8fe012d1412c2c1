import { OAUTH_DEFINITIONS } from '@patchbay/llm/credentials/oauth/definitions/registry';
import { expandVariables } from '@patchbay/llm/kit/config/expand-variables';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import { NAMED_PROVIDERS } from './provider-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Members of a block that say how calls of the library are made, and nothing to a gateway. */
const OF_CALLS: ReadonlySet<string> = new Set([
  'name',
  'type',
  'description',
  'model',
  'default_model',
  'timeout',
  'max_retries',
  'max_tokens',
  'headers',
  'rate_limit',
  'auth_type',
  'model_capabilities',
  'supports_streaming',
  'supports_tool_calling',
  'supports_responses_api',
  'tool_format',
]);

/**
 * The variables that `providers` of `config.yaml` stands for, as files of the library have it: keys, addresses and clients
 * of OAuth by provider, with `${NAME}` for variables. What belongs to single calls is left to the library. Mistakes are
 * pushed to `problems`, without values.
 */
export function variablesOfBlocks(blocks: unknown, env: Environment, problems: string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!isMap(blocks)) {
    problems.push('providers in config.yaml must hold members, such as openai.');
    return found;
  }
  const readers = new Map<string, string>();
  for (const [name, block] of Object.entries(blocks)) {
    const place = `providers.${SHOWN.test(name) ? name : '?'} in config.yaml`;
    if (block === '' || (isMap(block) && isLeftOut(block))) continue;
    if (!isMap(block)) problems.push(`${place} must hold members, such as api_key.`);
    else {
      const record = recordOf(name, block);
      const other = record && readers.get(record.id);
      if (record === undefined) problems.push(`${place} is no provider. It knows ${KNOWN.join(', ')}.`);
      else if (other !== undefined)
        problems.push(`${place} is the provider of ${other}, too. Give its keys as api_keys.`);
      else readBlock({ record, block, place, env }, found, problems);
      if (record !== undefined) readers.set(record.id, name);
    }
  }
  return found;
}

/** Switched off, or one that answers through others, which a gateway does by itself. */
const isLeftOut = ({ enabled, type }: Readonly<Record<string, unknown>>): boolean =>
  enabled === 'false' || VIRTUAL.has(type);

const VIRTUAL: ReadonlySet<unknown> = new Set(['racing', 'fallback', 'loadbalance', 'cheapest']);

/** By its name, else by the type that it says it is. */
const recordOf = (name: string, { type }: Readonly<Record<string, unknown>>): ProviderRecord | undefined =>
  NAMED_PROVIDERS.find(({ id }) => id === name) ?? NAMED_PROVIDERS.find(({ id }) => id === type);

const SHOWN = /^[\w.-]{1,40}$/;
const KNOWN = NAMED_PROVIDERS.map(({ id }) => id);

interface Block {
  readonly record: ProviderRecord;
  readonly block: Readonly<Record<string, unknown>>;
  readonly place: string;
  readonly env: Environment;
}

function readBlock({ record, block, place, env }: Block, found: Map<string, string>, problems: string[]): void {
  for (const [member, given] of Object.entries(block)) {
    if (OF_CALLS.has(member) || member === 'enabled' || given === '') continue;
    const read = READERS[member];
    // What stands where a name should be may be a secret that lost its line's beginning.
    const shown = SHOWN.test(member) ? member : 'A member';
    if (read === undefined) problems.push(`${shown} of ${place} is no setting of a gateway.`);
    else {
      const expanded = expandVariables(given, { path: `providers.${record.id}.${member}`, env });
      const named = expanded.ok ? read(record, expanded.value) : [];
      if (!expanded.ok) problems.push(`config.yaml: ${expanded.failure.message}`);
      if (named === undefined) problems.push(`${shown} of ${place} is not written as one.`);
      for (const [name, text] of named ?? []) found.set(name, text);
    }
  }
}

type Named = readonly (readonly [name: string, text: string])[] | undefined;

/** `undefined` where the value is no such thing. */
const READERS: Readonly<Record<string, (record: ProviderRecord, value: unknown) => Named>> = {
  api_key: ({ envPrefix }, value) => textNamed(`${envPrefix}_API_KEY`, value),
  api_keys: ({ envPrefix }, value) => {
    const keys: readonly unknown[] = Array.isArray(value) ? value : [];
    if (!keys.every(isText) || keys.length === 0) return undefined;
    return keys.map((key, at) => [`${envPrefix}_API_KEY_${at + 1}`, key] as const);
  },
  base_url: ({ envPrefix }, value) => textNamed(`${envPrefix}_BASE_URL`, value),
  client_id: (record, value) => oauthNamed(record, 'CLIENT_ID', value),
  client_secret: (record, value) => oauthNamed(record, 'CLIENT_SECRET', value),
};

const textNamed = (name: string, value: unknown): Named => (isText(value) ? [[name, value]] : undefined);

function oauthNamed({ id }: ProviderRecord, part: string, value: unknown): Named {
  const definition = OAUTH_DEFINITIONS.find(({ providerId, client }) => providerId === id && client !== 'none');
  return definition && textNamed(`${definition.envPrefix}_OAUTH_${part}`, value);
}

const isText = (value: unknown): value is string => typeof value === 'string';

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
