import { deployedRecord } from '@patchbay/llm/providers/deployed-record';
import type { ProviderRecord } from '@patchbay/llm/providers/define-provider';
import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { accountNumber, accountVariables, placeVariables } from './account-names.ts';
import type { Gathered } from './gather.ts';
import { readAccounts } from './read-accounts.ts';
import { baseUrl } from './readers.ts';
import type { ProviderSetting } from './settings.ts';

/** Providers that can be named in settings: all but the built-in simulator. */
export const NAMED_PROVIDERS: readonly ProviderRecord[] = Object.values<ProviderRecord>(PROVIDERS).filter(
  ({ id }) => id !== 'simulator',
);

/** Names of every variable of a provider; those of accounts may also be numbered. */
export const providerVariables = (record: ProviderRecord): readonly string[] => [
  ...accountVariables(record),
  ...placeVariables(record),
];

/** True for the numbered name of a variable that every account has of its own. */
export const isNumberedVariable = (record: ProviderRecord, name: string): boolean =>
  accountVariables(record).some((plain) => accountNumber(plain, name) !== undefined);

/**
 * Reads one provider's variables; `undefined` without an account, unless its record allows none and a base URL is set.
 * Mistakes are pushed to `problems`, without values.
 */
export function readProvider(record: ProviderRecord, gathered: Gathered): ProviderSetting | undefined {
  const { envPrefix: prefix, id } = record;
  const { values, problems } = gathered;
  const accounts = readAccounts(record, gathered);
  const url = readUrl(`${prefix}_BASE_URL`, gathered);
  const keyless = record.auth.some(({ kind }) => kind === 'none');
  if (accounts.length === 0 && (url === undefined || !keyless)) return undefined;
  if (record.baseUrl === '' && !values.has(`${prefix}_BASE_URL`)) {
    const key = [...values.keys()].find((name) => accountNumber(`${prefix}_API_KEY`, name) !== undefined);
    problems.push(`${prefix}_BASE_URL is needed with ${key}. Set it to where the server is.`);
  }
  const variables = variablesOf(record, gathered);
  const deployed = deployedRecord(record, (env) => variables[env], url);
  const isUrlWrong = url === undefined && values.has(`${prefix}_BASE_URL`);
  if (!deployed.ok && !isUrlWrong) problems.push(deployed.failure.message);
  return {
    providerId: id,
    accounts,
    ...(url !== undefined && { baseUrl: url }),
    ...(Object.keys(variables).length > 0 && { variables }),
  };
}

/** Where the operator says that providers are, by id: also those that only accounts of the store call. */
export const readAddresses = (gathered: Gathered): ReadonlyMap<string, string> =>
  new Map(
    NAMED_PROVIDERS.flatMap(({ id, envPrefix }) => {
      // What is wrong with an address has been said where the provider was read.
      const url = readUrl(`${envPrefix}_BASE_URL`, { ...gathered, problems: [] });
      return url === undefined ? [] : [[id, url] as const];
    }),
  );

function variablesOf(record: ProviderRecord, { values }: Gathered): Readonly<Record<string, string>> {
  const own = placeVariables(record).filter((name) => name !== `${record.envPrefix}_BASE_URL`);
  return Object.fromEntries(own.flatMap((name) => (values.has(name) ? [[name, values.get(name) ?? '']] : [])));
}

function readUrl(name: string, { values, sources, problems }: Gathered): string | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const read = baseUrl(text);
  if ('value' in read) return read.value;
  problems.push(`${name} (from ${sources.get(name)}) must be ${read.wanted}.`);
  return undefined;
}
