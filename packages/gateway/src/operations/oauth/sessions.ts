import { SIGN_IN_MS, stateHash } from '@patchbay/llm/credentials/oauth/state';
import type { Secret } from '@patchbay/llm/credentials/secret';

import type { Principal } from '../../identity/principal.ts';
import type { JsonWithSecrets, OAuthSessionRecord } from '../../storage/records.ts';
import type { OAuthParts } from './parts.ts';
import { timestamp } from '../timestamp.ts';

/** What is kept of a sign-in until it ends. */
export interface SignInData {
  readonly redirectUri: string;
  readonly verifier: Secret;
  readonly projectId?: string;
  readonly label?: string;
  /** Number of the proxy that the account will have; `null` where none was asked for, absent where none had room. */
  readonly proxyId?: number | null;
  readonly by?: Pick<Principal, 'kind' | 'id' | 'name' | 'role'>;
  /** Of sign-ins on another device. */
  readonly device?: { readonly code: Secret; readonly intervalMs: number; readonly askAgainAtMs: number };
}

/** A sign-in that has begun, with what is kept of it. */
export interface KeptSignIn {
  readonly row: OAuthSessionRecord;
  readonly data: SignInData;
}

/** Name of a sign-in in the cache, as guides know it. */
const cacheKey = (state: string): string => `oauth:session:${state}`;

/** Keeps a sign-in for ten minutes, or until its code runs out; resolves to when that is. */
export async function keepSignIn(
  { rows, clock, cache }: Pick<OAuthParts, 'rows' | 'clock' | 'cache'>,
  {
    state,
    providerId,
    data,
    endsAtMs,
  }: { readonly state: string; readonly providerId: string; readonly data: SignInData; readonly endsAtMs?: number },
): Promise<number> {
  const nowMs = clock.nowMs();
  const expiresAtMs = endsAtMs ?? nowMs + SIGN_IN_MS;
  const times = { createdAtMs: nowMs, updatedAtMs: nowMs, expiresAtMs };
  const by = data.by === undefined ? {} : { createdBy: data.by.id };
  await rows.oauthSessions.removeEnded(nowMs - KEPT_MS);
  await rows.oauthSessions.insert({
    id: await stateHash(state),
    providerId,
    status: 'pending',
    data: written(data),
    ...by,
    ...times,
  });
  const told = { provider: providerId, expires_at: timestamp(expiresAtMs) };
  await cache.set(cacheKey(state), JSON.stringify(told), Math.max(1, expiresAtMs - nowMs));
  return expiresAtMs;
}

/** How long one can ask what became of a sign-in, in milliseconds. */
const KEPT_MS = 3_600_000;

/** The sign-in that a state names, however it stands; `undefined` where there is none. */
export async function findSignIn(
  { rows, secrets }: Pick<OAuthParts, 'rows' | 'secrets'>,
  state: string,
): Promise<KeptSignIn | undefined> {
  const row = await rows.oauthSessions.get(await stateHash(state));
  if (row === undefined) return undefined;
  const opened = await secrets.openSignIn(row.id, row.data);
  return opened.ok ? { row, data: read(opened.value) } : undefined;
}

/** Takes a pending sign-in, so that nobody else can end it: of two with one state, one gets it. */
export async function takeSignIn(
  parts: OAuthParts,
  { row, data }: KeptSignIn,
  state: string,
): Promise<KeptSignIn | undefined> {
  if (row.status !== 'pending' || row.expiresAtMs <= parts.clock.nowMs()) return undefined;
  const taken = await parts.rows.oauthSessions.update(row.id, { status: 'taken' }, row.version);
  if (taken.kind !== 'changed') return undefined;
  await parts.cache.delete(cacheKey(state));
  return { row: taken.row, data };
}

/** Writes down how a sign-in ended; what could have ended it is wiped. */
export async function endSignIn(
  { rows }: Pick<OAuthParts, 'rows'>,
  { row }: KeptSignIn,
  end: { readonly accountId: string } | { readonly error: string },
): Promise<void> {
  const status = 'accountId' in end ? 'done' : 'failed';
  await rows.oauthSessions.update(row.id, { status, data: {}, ...end });
}

/** Writes down when a device may be asked for next; false where somebody else is asking. */
export async function postponePoll(
  { rows, clock }: Pick<OAuthParts, 'rows' | 'clock'>,
  { row, data }: KeptSignIn,
  intervalMs: number,
): Promise<KeptSignIn | undefined> {
  if (data.device === undefined) return undefined;
  const device = { ...data.device, intervalMs, askAgainAtMs: clock.nowMs() + intervalMs };
  const changed = await rows.oauthSessions.update(row.id, { data: written({ ...data, device }) }, row.version);
  return changed.kind === 'changed' ? { row: changed.row, data: { ...data, device } } : undefined;
}

const written = ({ by, device, ...data }: SignInData): JsonWithSecrets => ({
  ...data,
  ...(by && { by: { ...by } }),
  ...(device && { device: { ...device } }),
});

/** What `written` wrote: nobody else writes there. */
const read = (value: JsonWithSecrets): SignInData => value as unknown as SignInData;
