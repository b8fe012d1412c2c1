import type { OperationFailure } from '@patchbay/contract';
import { isSealed } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';
import {
  authKindOf,
  credentialOfAuthData,
  type AuthData,
} from '@patchbay/llm/credentials/signers/credential-of-auth-data';

import type { JsonWithSecrets } from '../../storage/records.ts';
import { isPlaceholderKey } from '../providers/placeholder-key.ts';
import { wrong } from './failures.ts';

/** Members of an account's `auth_data`. */
export type Members = Readonly<Record<string, JsonWithSecrets | undefined>>;

/** Members that are no secret: they are stored as they are, so that SQL can read them. All other texts are sealed. */
const PLAIN = new Set([
  'type',
  'auth_type',
  'kind',
  'token_type',
  'expires_at',
  'expiry',
  'scope',
  'scopes',
  'token_url',
  'tokenUrl',
  'token_uri',
  'refresh_url',
  'auth_uri',
  'client_id',
  'clientId',
  'client_email',
  'private_key_id',
  'email',
  'account',
  'account_name',
  'project',
  'project_id',
  'organization',
  'region',
  'aws_region',
  'access_key_id',
  'accessKeyId',
  'aws_access_key_id',
  'header',
  'header_name',
]);

const MASK = '********';
const MASKED = /^\*{4,}.{0,4}$/;

/** What was read of `auth_data`, or what is wrong with it. */
export type ReadAuth =
  | { readonly ok: true; readonly members: Members }
  | { readonly ok: false; readonly failure: OperationFailure };

/** Reads an object or the same as JSON text. */
export function readSent(sent: unknown): ReadAuth {
  const value = typeof sent === 'string' ? parsed(sent) : sent;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, failure: wrong('auth_data', 'Invalid JSON: `auth_data` must be an object, or its text.') };
  return { ok: true, members: value as Members };
}

/** What a row holds, opened; as it is stored where that cannot be opened. */
export interface HeldAuth {
  /** As the row holds it. */
  readonly stored: Members;
  readonly opened: Members;
}

/**
 * What a row shall hold after `sent`: members that were not sent stay, as do secrets whose mask came back; null takes one
 * away. A credential of another kind takes the place of all.
 */
export function mergeSent(sent: Members, held: HeldAuth | undefined): ReadAuth {
  const failures: OperationFailure[] = [];
  const taken = Object.entries(sent).flatMap(([name, value]) => {
    const known = held && { stored: held.stored[name], opened: held.opened[name] };
    const result = takeIn(name, value, known);
    if (result.ok) return [[name, result.value] as const];
    failures.push(result.failure);
    return [];
  });
  const [failure] = failures;
  if (failure !== undefined) return { ok: false, failure };
  const given = Object.fromEntries(taken);
  const before = held !== undefined && authKindOf(held.opened) === kindAfter(given, held) ? held.stored : {};
  const members = Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));
  return { ok: true, members };
}

/** The kind of what is sent; members that say nothing of a kind belong to what is there. */
const kindAfter = (given: Members, held: HeldAuth) => authKindOf(given) ?? authKindOf(held.opened);

/** Why such members can present nobody, or `undefined`. Sealed texts stand for what they hide. */
export function authProblem(members: Members): OperationFailure | undefined {
  const kind = authKindOf(members);
  // Its first access token is fetched.
  if (kind === 'oauth' && members['refresh_token'] !== undefined) return undefined;
  const made = credentialOfAuthData('account', members as AuthData);
  if (made.ok || kind === 'service_account') return undefined;
  return wrong(made.failure.path ?? 'auth_data', made.failure.message);
}

/** `value` as people may see it: of long secrets the last four characters, of others none. */
export function masked(value: JsonWithSecrets | undefined, name = ''): JsonWithSecrets {
  if (value instanceof Secret) return value.masked();
  if (typeof value === 'string') return isSealed(value) ? MASK : PLAIN.has(name) ? value : new Secret(value).masked();
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map((each: JsonWithSecrets) => masked(each, name));
  return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, masked(each, inner)]));
}

type Known = { readonly stored: JsonWithSecrets | undefined; readonly opened: JsonWithSecrets | undefined };
type Taken =
  | { readonly ok: true; readonly value: JsonWithSecrets }
  | { readonly ok: false; readonly failure: OperationFailure };

function takeIn(name: string, sent: JsonWithSecrets | undefined, known: Known | undefined): Taken {
  if (typeof sent === 'object' && sent !== null && !(sent instanceof Secret))
    return { ok: true, value: sealable(sent, name) };
  if (typeof sent !== 'string') return { ok: true, value: sent ?? null };
  if (known?.stored !== undefined && sent === masked(known.opened, name)) return { ok: true, value: known.stored };
  const field = `auth_data.${name}`;
  if (PLAIN.has(name)) return { ok: true, value: sent };
  if (MASKED.test(sent)) return { ok: false, failure: wrong(field, 'This is a mask, not a value. Send the value.') };
  if (isSealed(sent)) return { ok: false, failure: wrong(field, 'This is a sealed text. Send the value itself.') };
  if (isPlaceholderKey(sent)) return { ok: false, failure: wrong(field, 'This is a placeholder. Send your own key.') };
  return { ok: true, value: new Secret(sent) };
}

function sealable(value: JsonWithSecrets | undefined, name: string): JsonWithSecrets {
  if (typeof value === 'string') return PLAIN.has(name) ? value : new Secret(value);
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value ?? null;
  if (Array.isArray(value)) return value.map((each: JsonWithSecrets) => sealable(each, name));
  return Object.fromEntries(Object.entries(value).map(([inner, each]) => [inner, sealable(each, inner)]));
}

/** When the token ends, in milliseconds since 1970: from `expires_at` (RFC 3339, seconds or milliseconds) or `expires_in`. */
export function expiryOf(members: Members, nowMs: number): number | undefined {
  const at = members['expires_at'];
  const inS = Number(members['expires_in']);
  const ms =
    typeof at === 'number' ? (at < SECONDS_BELOW ? at * 1000 : at) : Date.parse(typeof at === 'string' ? at : '');
  if (Number.isFinite(ms)) return ms;
  return members['expires_in'] !== undefined && inS > 0 ? nowMs + inS * 1000 : undefined;
}
/** As milliseconds this is in 1973. */
const SECONDS_BELOW = 100_000_000_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
