import { timingSafeEqual } from 'node:crypto';

import type { Secret } from '@patchbay/llm/credentials/secret';

import { hashOfKey, pepperKey, operatorKeyId, type HashKey } from './api-key.ts';
import type { Caller, KeyStore, KeyVerifier } from './ports.ts';

export interface VerifierParts {
  readonly store: KeyStore;
  /** Secret of this installation; without it the stored hashes say nothing. */
  readonly pepper: Secret;
  /** The operator's own key, which is in the settings and not in the store. */
  readonly operatorKey?: { readonly key: Secret; readonly label: string };
  /** Told when the keys could not be read again; the last known ones stay in force until they can. */
  readonly onError: (error: unknown) => void;
}

interface Known {
  readonly hash: Uint8Array;
  readonly caller: Caller;
  readonly revoked: boolean;
}

/** Longer texts are no keys and are not worth a hash. */
const KEY_CHARACTERS_MAX = 512;
const VERIFIED_MAX = 10_000;

/** Verifies presented keys from memory and follows the store's changes until `close`. */
export async function createKeyVerifier(parts: VerifierParts): Promise<KeyVerifier & { close(): void }> {
  const pepper = pepperKey(parts.pepper);
  const operator = operatorOf(parts, pepper);
  let known = await load(parts.store, operator);
  // Keys whose hash has been compared once; forgotten whenever any key changes. A guess never gets here.
  const verified = new Map<string, Caller>();
  let turn = 0;
  const refresh = async (): Promise<void> => {
    turn += 1;
    const mine = turn;
    const fresh = await load(parts.store, operator).catch((error: unknown) => {
      parts.onError(error);
      throw error;
    });
    // An older answer that arrives late must not bring a revoked key back.
    if (mine !== turn) return;
    known = fresh;
    verified.clear();
  };
  const stop = parts.store.watch(refresh);
  return {
    verify(presented) {
      const caller = verified.get(presented);
      if (caller !== undefined) return caller;
      if (presented.length > KEY_CHARACTERS_MAX) return 'unknown';
      const hash = hashOfKey(presented, pepper);
      const found = known.get(hash.toString('latin1'));
      if (found === undefined || !timingSafeEqual(found.hash, hash)) return 'unknown';
      if (found.revoked) return 'revoked';
      if (verified.size >= VERIFIED_MAX) verified.clear();
      verified.set(presented, found.caller);
      return found.caller;
    },
    close: stop,
  };
}

function operatorOf({ operatorKey }: VerifierParts, pepper: HashKey): Known | undefined {
  if (operatorKey === undefined) return undefined;
  const hash = hashOfKey(operatorKey.key.reveal(), pepper);
  return { hash, caller: { keyId: operatorKeyId(hash), label: operatorKey.label }, revoked: false };
}

async function load(store: KeyStore, operator: Known | undefined): Promise<ReadonlyMap<string, Known>> {
  const rows = await store.list();
  const known = new Map<string, Known>();
  for (const { id, label, hash, revokedAtMs, role } of rows) {
    known.set(Buffer.from(hash).toString('latin1'), {
      hash,
      caller: { keyId: id, label, ...(role !== undefined && { role }) },
      revoked: revokedAtMs !== undefined,
    });
  }
  if (operator !== undefined) known.set(Buffer.from(operator.hash).toString('latin1'), operator);
  return known;
}
