import { Secret } from '@patchbay/llm/credentials/secret';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import type { Gathered } from './gather.ts';
import { baseUrl, secretText } from './readers.ts';
import { isPlaceholder } from './schema.ts';
import type { ProviderSetting } from './settings.ts';

/** Providers that can be named in settings: all but the built-in simulator. */
export const NAMED_PROVIDERS: readonly ProviderRecord[] = Object.values<ProviderRecord>(PROVIDERS).filter(
  ({ id }) => id !== 'simulator',
);

const readKey = secretText(1);

/** The number of a key's variable: 0 for the plain one, `undefined` for a variable of something else. */
export function keyNumber(prefix: string, name: string): number | undefined {
  if (name === `${prefix}_API_KEY`) return 0;
  const numbered = name.startsWith(`${prefix}_API_KEY_`) ? name.slice(prefix.length + 9) : '';
  return /^\d{1,6}$/.test(numbered) ? Number(numbered) : undefined;
}

/**
 * Reads one provider's variables; `undefined` without a key, unless its record allows none and a base URL is set.
 * Mistakes are pushed to `problems`, without values.
 */
export function readProvider(record: ProviderRecord, gathered: Gathered): ProviderSetting | undefined {
  const { envPrefix: prefix, id } = record;
  const { values, problems } = gathered;
  const names = [...values.keys()]
    .filter((name) => keyNumber(prefix, name) !== undefined)
    .sort((a, b) => (keyNumber(prefix, a) ?? 0) - (keyNumber(prefix, b) ?? 0));
  const keys = names.map((name) => ({ name, text: values.get(name) as string }));
  for (const { name, text } of keys) checkKey(name, text, gathered);
  const url = readUrl(`${prefix}_BASE_URL`, gathered);
  const keyless = record.auth.some(({ kind }) => kind === 'none');
  if (keys.length === 0 && (url === undefined || !keyless)) return undefined;
  if (record.baseUrl === '' && !values.has(`${prefix}_BASE_URL`))
    problems.push(`${prefix}_BASE_URL is needed with ${keys[0]?.name}. Set it to where the server is.`);
  // One key named twice is one account: it has one limit and one bill.
  const accounts = [...new Set(keys.map(({ text }) => text))].map((text, index) => ({
    id: `${id}-${index + 1}`,
    key: new Secret(text),
  }));
  return { providerId: id, accounts, ...(url !== undefined && { baseUrl: url }) };
}

function checkKey(name: string, text: string, { sources, problems }: Gathered): void {
  const read = readKey(text);
  const place = `${name} (from ${sources.get(name)})`;
  if ('wanted' in read) problems.push(`${place} must be ${read.wanted}.`);
  else if (isPlaceholder(text)) problems.push(`${place} holds a placeholder. Set the real key, or remove it.`);
}

function readUrl(name: string, { values, sources, problems }: Gathered): string | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const read = baseUrl(text);
  if ('value' in read) return read.value;
  problems.push(`${name} (from ${sources.get(name)}) must be ${read.wanted}.`);
  return undefined;
}
