import { createRequire } from 'node:module';
import { parseEnv } from 'node:util';

import type * as Yaml from 'yaml';

import { OAUTH_DEFINITIONS } from '@patchbay/llm/credentials/oauth/definitions/registry';
import { nearMatches } from '@patchbay/llm/routing/near-matches';

import { isMisspelling } from './misspelling.ts';
import { oauthVariables } from './oauth-settings.ts';
import { variablesOfBlocks } from './provider-blocks.ts';
import { isNumberedVariable, NAMED_PROVIDERS, providerVariables } from './provider-settings.ts';
import { SETTINGS } from './schema.ts';

/** Where a setting came from. */
export type SettingSource = 'environment' | '.env' | 'config.yaml' | 'default';

/** The places settings are read from, as texts. */
export interface SettingTexts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of `.env`, when there is one. */
  readonly dotenv?: string;
  /** Text of `config.yaml`, when there is one. */
  readonly yaml?: string;
}

/** Every known setting that was set, as text, by its name in the environment. */
export interface Gathered {
  readonly values: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, SettingSource>;
  readonly problems: string[];
}

/** Variables of clients, which the gateway itself does not read. */
const FOREIGN = new Set(['PATCHBAY_URL', 'PATCHBAY_API_KEY']);

/** Kubernetes and linked containers tell every process where a service named `patchbay` is. */
const isServiceLink = (name: string, value: string): boolean =>
  /^PATCHBAY_(?:SERVICE_(?:HOST|PORT)|PORT_\d+_)/.test(name) || /^(?:tcp|udp|sctp):\/\//.test(value);

const SPELLED: readonly string[] = [
  ...Object.keys(SETTINGS),
  ...NAMED_PROVIDERS.flatMap(providerVariables),
  ...OAUTH_DEFINITIONS.flatMap(oauthVariables),
];
const NAMES = new Set(SPELLED);

const isKnown = (name: string): boolean =>
  NAMES.has(name) || NAMED_PROVIDERS.some((record) => isNumberedVariable(record, name));

/** Gathers what was set: environment before `.env` before `config.yaml`. An empty value counts as not set. */
export function gatherSettings(texts: SettingTexts): Gathered {
  const problems: string[] = [];
  const fileProblems: string[] = [];
  const dotenv = fromDotenv(texts.dotenv, problems);
  const env = { ...Object.fromEntries(dotenv), ...texts.environment };
  const layers: readonly (readonly [SettingSource, ReadonlyMap<string, string>])[] = [
    ['config.yaml', fromYaml(texts.yaml, env, fileProblems)],
    ['.env', dotenv],
    ['environment', fromEnvironment(texts.environment, problems)],
  ];
  problems.unshift(...fileProblems);
  const values = new Map<string, string>();
  const sources = new Map<string, SettingSource>();
  for (const [source, layer] of layers) {
    for (const [name, text] of layer) {
      values.set(name, text);
      sources.set(name, source);
    }
  }
  return { values, sources, problems };
}

/** A process has many variables of others: only those that nearly are ours are worth a word. */
function fromEnvironment(environment: SettingTexts['environment'], problems: string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value = ''] of Object.entries(environment)) {
    if (isKnown(name) && value !== '') found.set(name, value);
    else if (!isKnown(name) && isMeantForUs(name, value)) problems.push(unknown(name, 'the environment'));
  }
  return found;
}

const isMeantForUs = (name: string, value: string): boolean =>
  name.startsWith('PATCHBAY_')
    ? !FOREIGN.has(name) && !isServiceLink(name, value)
    : value !== '' && isMisspelling(name);

function fromDotenv(text: string | undefined, problems: string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  // Some editors begin a file with a byte order mark, which would become part of the first name.
  for (const [name, value = ''] of Object.entries(parseEnv((text ?? '').replace(/^\uFEFF/, '')))) {
    if (!isKnown(name) && !FOREIGN.has(name)) problems.push(unknown(name, '.env'));
    else if (value !== '') found.set(name, value);
  }
  return found;
}

function fromYaml(
  text: string | undefined,
  env: SettingTexts['environment'],
  problems: string[],
): ReadonlyMap<string, string> {
  const { providers, ...read } = parseYaml(text, problems);
  const found = new Map(providers === undefined ? [] : variablesOfBlocks(providers, env, problems));
  for (const [key, value] of Object.entries(read)) {
    const name = key.toUpperCase();
    const written = asText(value);
    if (key !== key.toLowerCase() || !isKnown(name))
      problems.push(unknown(name, 'config.yaml', (each) => each.toLowerCase(), key));
    else if (written === undefined)
      problems.push(`${key} in config.yaml must be a text, a number, a list or a map of them.`);
    else if (written !== '') found.set(name, written);
  }
  return found;
}

/** Loaded only where there is a file to read: its modules take a good part of a start. */
const load = createRequire(import.meta.url);

function parseYaml(text: string | undefined, problems: string[]): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  const { parse } = load('yaml') as Pick<typeof Yaml, 'parse'>;
  try {
    // Plain scalars stay as written: a key of digits must not become a number. The parser's warnings quote lines, too.
    const read: unknown = parse(text, { schema: 'failsafe', customTags: ['null'], logLevel: 'error' });
    if (read === null || read === undefined) return {};
    if (typeof read === 'object' && !Array.isArray(read)) return { ...read };
    problems.push('config.yaml must be a map such as `port: 8080`.');
  } catch (error) {
    // The parser quotes the line it stumbled on, which may hold a secret: only its place is told.
    const at = (error as { linePos?: readonly { readonly line: number }[] }).linePos?.[0]?.line;
    problems.push(`config.yaml is not valid YAML${at === undefined ? '' : ` (line ${at})`}.`);
  }
  return {};
}

/** Lists and maps in the spelling that one line has: `a,b` and `name=a|b,…`. */
function asText(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.every(isPlain) ? value.join(',') : undefined;
  if (typeof value !== 'object' || value === undefined) return undefined;
  const entries = Object.entries(value).map(([name, each]) => {
    const items: unknown = Array.isArray(each) ? each : [each];
    return Array.isArray(items) && items.every(isPlain) ? `${name}=${items.join('|')}` : undefined;
  });
  return entries.includes(undefined) ? undefined : entries.join(',');
}

const isPlain = (value: unknown): boolean => typeof value === 'string';

/** What stands where a name should be may be a secret that lost its line's beginning. */
const isName = (text: string): boolean => /^[\w.-]{1,40}$/.test(text);

function unknown(name: string, place: string, spell = (each: string): string => each, written = name): string {
  if (!isName(written)) return `A line in ${place} does not begin with a setting's name; it is not shown. Remove it.`;
  const [near] = nearMatches(name.replace(/^PATCHBAY_/, ''), SPELLED);
  const hint = near === undefined ? 'See .env.example for all settings.' : `Did you mean ${spell(near)}?`;
  return `${written} in ${place} is not a setting. ${hint}`;
}
