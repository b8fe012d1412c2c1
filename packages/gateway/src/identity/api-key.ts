import { hash, randomBytes } from 'node:crypto';

import type { Secret } from '@patchbay/llm/credentials/secret';

/** A key just made. `text` is shown once and never stored. */
export interface MintedKey {
  /** Public part of the key: safe to log, to list and to revoke by. */
  readonly id: string;
  readonly text: string;
}

const ID_CHARACTERS = 12;
const SECRET_BYTES = 32;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Makes `pb_<public id>_<secret>`: the secret carries 256 bits. */
export function mintKey(bytes: (count: number) => Uint8Array = randomBytes): MintedKey {
  const id = Array.from(bytes(ID_CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return { id, text: `pb_${id}_${Buffer.from(bytes(SECRET_BYTES)).toString('base64url')}` };
}

/** A new pepper for an installation. */
export const newPepper = (): string => randomBytes(SECRET_BYTES).toString('base64url');

const BLOCK_BYTES = 64;

/** A pepper made ready for hashing: RFC 2104 calls the two the inner and the outer pad. */
export interface HashKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

/** Makes a pepper ready once; it must not be longer than SHA-256's block of 64 bytes. */
export function hashKeyOf(pepper: Uint8Array): HashKey {
  if (pepper.length > BLOCK_BYTES) throw new RangeError('The pepper is longer than 64 bytes.');
  const pad = (byte: number): Buffer => Buffer.alloc(BLOCK_BYTES).map((_, at) => (pepper[at] ?? 0) ^ byte) as Buffer;
  return { inner: pad(0x36), outer: pad(0x5c) };
}

/** The same from the secret that an installation keeps. */
export const pepperKey = (pepper: Secret): HashKey => hashKeyOf(Buffer.from(pepper.reveal()));

/**
 * HMAC-SHA256 of a whole key: what the store keeps in the key's place. Two one-shot hashes take half the time of the
 * platform's own HMAC object, on a path that every request goes.
 */
export function hashOfKey(text: string, { inner, outer }: HashKey): Buffer {
  const first = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
  return hash('sha256', Buffer.concat([outer, first]), 'buffer');
}

/** Public id of a key that the operator chose: told by its hash, so that it can be logged. */
export const operatorKeyId = (keyHash: Uint8Array): string => `env_${Buffer.from(keyHash).toString('hex', 0, 6)}`;
