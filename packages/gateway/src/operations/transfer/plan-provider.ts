import { isDeepStrictEqual } from 'node:util';

import type { ValidationError } from '@patchbay/contract';
import type { ImportOptions } from '@patchbay/contract/resources/transfer';
import { Secret } from '@patchbay/llm/credentials/secret';
import { isSealed } from '@patchbay/llm/credentials/seal';

import type { ProviderRecord } from '../../storage/records.ts';
import type { Changes } from '../../storage/repository.ts';
import { jsonOf } from '../json-of.ts';
import { mergeAuth, writeHeldAuth, type HeldAuth, type KnownAuth } from '../providers/auth-config.ts';
import { authProblems } from '../providers/auth-problems.ts';
import type { OpenProvider } from './open-secrets.ts';

/** What to do with things that are there already. */
export type Resolution = Exclude<ImportOptions['conflictResolution'], 'overwrite'>;

/** A provider that is there, and how it is signed in to. */
export interface KnownProvider {
  readonly row: ProviderRecord;
  readonly auth: KnownAuth;
}

/** How a provider shall be signed in to after the import, or what is wrong. */
export function importedAuth(
  { asked, secrets }: OpenProvider,
  known: KnownProvider | undefined,
  resolution: Resolution,
):
  | { readonly ok: true; readonly auth: HeldAuth }
  | { readonly ok: false; readonly errors: readonly ValidationError[] } {
  const merged = mergeAuth(asked.authConfig, known?.auth);
  if (!merged.ok) return merged;
  const kept = resolution === 'replace' ? replaced(merged.auth, asked.authConfig) : merged.auth;
  const auth = { ...kept, fields: { ...kept.fields, ...secrets } };
  const errors = authProblems(asked.authMethod, auth);
  return errors.length === 0 || isAsItStands(auth, known) ? { ok: true, auth } : { ok: false, errors };
}

/** A built-in provider lacks its keys until somebody fills them in, and an export of it comes in unchanged all the same. */
const isAsItStands = (auth: HeldAuth, known: KnownProvider | undefined): boolean =>
  known !== undefined && isDeepStrictEqual(plain(writeHeldAuth(auth)), plain(writeHeldAuth(known.auth.held)));

/** Only what the document names, and secrets: those were left out of it, not taken away. */
function replaced(auth: HeldAuth, { fields, headers, testEndpoint }: OpenProvider['asked']['authConfig']): HeldAuth {
  const kept = Object.entries(auth.fields).filter(
    ([name, field]) => Object.hasOwn(fields, name) || field instanceof Secret || isSealedText(field),
  );
  return {
    type: auth.type,
    fields: Object.fromEntries(kept),
    ...(headers && { headers }),
    ...(testEndpoint !== undefined && { testEndpoint }),
  };
}

const isSealedText = (field: HeldAuth['fields'][string]): boolean => typeof field === 'string' && isSealed(field);

/** What an import changes in a provider that is there; empty when it is the same already. */
export function providerChanges(
  { asked }: OpenProvider,
  { row }: KnownProvider,
  auth: HeldAuth,
  resolution: Resolution,
): Changes<ProviderRecord> {
  const isReplaced = resolution === 'replace';
  return differing(row, {
    name: asked.name,
    ...((isReplaced || asked.description !== undefined) && { description: asked.description }),
    apiEndpoint: asked.apiEndpoint,
    authMethod: asked.authMethod,
    authConfig: writeHeldAuth(auth),
    capabilities: isReplaced ? jsonOf(asked.capabilities) : { ...row.capabilities, ...jsonOf(asked.capabilities) },
    ...(asked.status !== undefined && { status: asked.status }),
  });
}

/** Those of `changes` that would change something. */
export const differing = <R extends object>(row: R, changes: Changes<R>): Changes<R> =>
  Object.fromEntries(
    Object.entries(changes).filter(([name, value]) => !isDeepStrictEqual(plain(row[name as keyof R]), plain(value))),
  ) as Changes<R>;

/** Members without a value are not there, as in JSON. Secrets stay what they are: none equals what is stored. */
const plain = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Secret || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [[name, plain(each)]])),
  );
};
