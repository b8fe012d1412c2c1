import { readFileSync } from 'node:fs';

import type { AuthScheme, Credential } from '@patchbay/llm/credentials/credential';
import { Secret } from '@patchbay/llm/credentials/secret';
import { readServiceAccount } from '@patchbay/llm/credentials/service-account';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';

import { accountNumber } from './account-names.ts';
import type { Gathered } from './gather.ts';
import { secretText } from './readers.ts';
import { isPlaceholder } from './schema.ts';

/** An account that has no name yet. */
type Found = (id: string) => Credential;

/** One variable of one account; `suffix` is what the names of the account's other variables end in, too. */
interface Named {
  readonly name: string;
  readonly suffix: string;
  readonly text: string;
}

const readKey = secretText(1);

/** Every account that the variables of a provider name. Mistakes are pushed to `problems`, without values. */
export function readAccounts(record: ProviderRecord, gathered: Gathered): readonly Credential[] {
  const keyed = record.auth.find(isKeyed);
  const keyEnv = `${record.envPrefix}_API_KEY`;
  const schemes = keyed === undefined ? [{ kind: 'bearer', env: keyEnv } as const, ...record.auth] : record.auth;
  const found = schemes.flatMap((scheme) => {
    if (scheme.kind === 'sigv4') return signingKeys(record, scheme, gathered);
    if (scheme.kind === 'google-token') return serviceAccounts(scheme.env, gathered);
    return isKeyed(scheme) ? keys(scheme, keyed === undefined || scheme === keyed, gathered) : [];
  });
  return found.map((account, index) => account(`${record.id}-${index + 1}`));
}

/** The variables of a name, plain and numbered, in the order of their numbers. */
function named(plain: string, { values }: Gathered): readonly Named[] {
  return [...values.keys()]
    .filter((name) => accountNumber(plain, name) !== undefined)
    .sort((a, b) => (accountNumber(plain, a) ?? 0) - (accountNumber(plain, b) ?? 0))
    .map((name) => ({ name, suffix: name.slice(plain.length), text: values.get(name) ?? '' }));
}

type Keyed = Extract<AuthScheme, { kind: 'bearer' | 'header' }>;

const isKeyed = (scheme: AuthScheme): scheme is Keyed => scheme.kind === 'bearer' || scheme.kind === 'header';

function keys({ kind, env }: Keyed, isFirst: boolean, gathered: Gathered): readonly Found[] {
  const all = named(env, gathered);
  for (const { name, text } of all) checkKey(name, text, gathered);
  const as = isFirst ? {} : { as: kind };
  // One key named twice is one account: it has one limit and one bill.
  return [...new Set(all.map(({ text }) => text))].map((text) => (id) => ({
    kind: 'api-key',
    id,
    key: new Secret(text),
    ...as,
  }));
}

function signingKeys(
  { name, variables = {} }: ProviderRecord,
  { env, secretEnv, sessionEnv }: AuthScheme & { kind: 'sigv4' },
  gathered: Gathered,
): readonly Found[] {
  const { values, problems } = gathered;
  const { env: regionEnv = '', default: byDefault = '' } = variables['region'] ?? {};
  const region = values.get(regionEnv) ?? byDefault;
  for (const lone of [...named(secretEnv, gathered), ...named(sessionEnv, gathered)])
    if (!values.has(env + lone.suffix))
      problems.push(`${env}${lone.suffix} is needed with ${lone.name} for ${name}. Set it, or remove ${lone.name}.`);
  return named(env, gathered).flatMap((key) => {
    const secret = values.get(secretEnv + key.suffix);
    const session = values.get(sessionEnv + key.suffix);
    if (secret === undefined) {
      problems.push(`${secretEnv}${key.suffix} is needed with ${key.name} for ${name}. Set it, or remove ${key.name}.`);
      return [];
    }
    checkKey(key.name, key.text, gathered);
    checkKey(secretEnv + key.suffix, secret, gathered);
    if (session !== undefined) checkKey(sessionEnv + key.suffix, session, gathered);
    const sessionToken = session === undefined ? {} : { sessionToken: new Secret(session) };
    const account = { kind: 'aws', accessKeyId: key.text, secretAccessKey: new Secret(secret), region } as const;
    return [(id: string) => ({ ...account, ...sessionToken, id })];
  });
}

/** Key files of Google, by their text or by their path. */
function serviceAccounts(env: string, gathered: Gathered): readonly Found[] {
  const { sources, problems } = gathered;
  return named(env, gathered).flatMap(({ name, text }) => {
    const place = `${name} (from ${sources.get(name)})`;
    const file = text.trimStart().startsWith('{') ? text : textOf(text);
    if (file === undefined) {
      problems.push(`${place} names a file that cannot be read. Set it to a key file's path, or to its text.`);
      return [];
    }
    const read = readServiceAccount('', file);
    if (!read.ok) {
      problems.push(`${place}: ${read.failure.message}`);
      return [];
    }
    return [(id: string) => ({ ...read.value, id })];
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function checkKey(name: string, text: string, { sources, problems }: Gathered): void {
  const read = readKey(text);
  const place = `${name} (from ${sources.get(name)})`;
  if ('wanted' in read) problems.push(`${place} must be ${read.wanted}.`);
  else if (isPlaceholder(text)) problems.push(`${place} holds a placeholder. Set the real key, or remove it.`);
}
