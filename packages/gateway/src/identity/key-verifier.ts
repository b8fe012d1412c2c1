import { timingSafeEqual } from 'node:crypto';

import { ROLE_PERMISSIONS, roleOf } from '@patchbay/contract';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';

import { hashOfKey, pepperKey, operatorKeyId, type HashKey } from './api-key.ts';
import { readLimits } from './caller-limits.ts';
import type { Caller, KeyRow, KeyStore, KeyVerifier } from './ports.ts';

export interface VerifierParts {
  readonly store: KeyStore;
  /** Secret of this installation; without it the stored hashes say nothing. */
  readonly pepper: Secret;
  /** The operator's own key, which is in the settings and not in the store. */
  readonly operatorKey?: { readonly key: Secret; readonly label: string };
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Told who called with which key, for every call. */
  readonly onUse?: (keyId: string) => void;
  /** Told when the keys could not be read again; the last known ones stay in force until they can. */
  readonly onError: (error: unknown) => void;
}

interface Known {
  readonly hash: Uint8Array;
  readonly caller: Caller;
  readonly revoked: boolean;
  readonly expiresAtMs: number;
}

/** A verifier that follows the store. */
export interface StoredKeyVerifier extends KeyVerifier {
  /** Reads the keys now. */
  refresh(): Promise<void>;
  close(): void;
}

/** Longer texts are no keys and are not worth a hash. */
const KEY_CHARACTERS_MAX = 512;
const VERIFIED_MAX = 10_000;

/** Verifies presented keys from memory and follows the store's changes until `close`. */
export async function createKeyVerifier(parts: VerifierParts): Promise<StoredKeyVerifier> {
  const pepper = pepperKey(parts.pepper);
  const operator = operatorOf(parts, pepper);
  let known = await load(parts.store, operator);
  // Keys whose hash has been compared once; forgotten whenever any key changes. A guess never gets here.
  const verified = new Map<string, Known>();
  let turn = 0;
  let inForce = 0;
  const refresh = async (): Promise<void> => {
    turn += 1;
    const mine = turn;
    const fresh = await load(parts.store, operator).catch((error: unknown) => {
      parts.onError(error);
      throw error;
    });
    // An older answer that arrives late must not bring a revoked key back; one that is newer than what is in force counts
    // even while another is on its way, because whoever waits for this one goes by it.
    if (mine < inForce) return;
    inForce = mine;
    known = fresh;
    verified.clear();
  };
  const stop = parts.store.watch(refresh);
  const inTime = ({ caller, expiresAtMs }: Known): Caller | 'expired' => {
    if (expiresAtMs <= parts.clock.nowMs()) return 'expired';
    parts.onUse?.(caller.keyId);
    return caller;
  };
  return {
    verify(presented) {
      const before = verified.get(presented);
      if (before !== undefined) return inTime(before);
      if (presented.length > KEY_CHARACTERS_MAX) return 'unknown';
      const hash = hashOfKey(presented, pepper);
      const found = known.get(hash.toString('latin1'));
      if (found === undefined || !timingSafeEqual(found.hash, hash)) return 'unknown';
      if (found.revoked) return 'revoked';
      if (verified.size >= VERIFIED_MAX) verified.clear();
      verified.set(presented, found);
      return inTime(found);
    },
    callerOf(keyId) {
      const nowMs = parts.clock.nowMs();
      return [...known.values()].find(
        ({ caller, revoked, expiresAtMs }) => caller.keyId === keyId && !revoked && expiresAtMs > nowMs,
      )?.caller;
    },
    refresh,
    close: stop,
  };
}

function operatorOf({ operatorKey }: VerifierParts, pepper: HashKey): Known | undefined {
  if (operatorKey === undefined) return undefined;
  const hash = hashOfKey(operatorKey.key.reveal(), pepper);
  return {
    hash,
    caller: { keyId: operatorKeyId(hash), label: operatorKey.label },
    revoked: false,
    expiresAtMs: Infinity,
  };
}

async function load(store: KeyStore, operator: Known | undefined): Promise<ReadonlyMap<string, Known>> {
  const rows = await store.list();
  const known = new Map<string, Known>();
  for (const row of rows) {
    const now = knownOf(row);
    known.set(Buffer.from(row.hash).toString('latin1'), now);
    // Both texts are one key: one id, one account of what is used.
    if (row.older !== undefined) known.set(Buffer.from(row.older.hash).toString('latin1'), olderOf(now, row.older));
  }
  if (operator !== undefined) known.set(Buffer.from(operator.hash).toString('latin1'), operator);
  return known;
}

function knownOf(row: KeyRow): Known {
  const { id, label, hash, revokedAtMs, owner, limits, capture, expiresAtMs = Infinity } = row;
  const role = roleWithin(row);
  const { models, ...counted } = limits ?? {};
  const caller: Caller = {
    keyId: id,
    label,
    ...(limits?.cache_answers !== undefined && { cacheAnswers: limits.cache_answers }),
    ...(role !== undefined && { role }),
    ...(owner !== undefined && { userId: owner.id }),
    ...(Object.keys(counted).length > 0 && { limits: readLimits(counted) }),
    ...(models !== undefined && { models }),
    ...(capture !== undefined && { capture }),
  };
  return { hash, caller, revoked: revokedAtMs !== undefined || owner?.isActive === false, expiresAtMs };
}

/** A key by the text that it had before: it ends with that text, or earlier with the key. */
const olderOf = (now: Known, { hash, endsAtMs }: NonNullable<KeyRow['older']>): Known => ({
  ...now,
  hash,
  expiresAtMs: Math.min(now.expiresAtMs, endsAtMs),
});

/** The key's role while its owner still has all that the role allows. */
function roleWithin({ role, owner }: KeyRow): string | undefined {
  const named = role === undefined ? undefined : roleOf(role);
  if (named === undefined || owner === undefined) return role;
  const ownersRole = roleOf(owner.role);
  const has = new Set(ownersRole === undefined ? [] : ROLE_PERMISSIONS[ownersRole]);
  return ROLE_PERMISSIONS[named].every((each) => has.has(each)) ? role : undefined;
}
