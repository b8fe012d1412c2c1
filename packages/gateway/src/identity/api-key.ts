import { createHmac, randomBytes } from 'node:crypto';

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

/** HMAC-SHA256 of a whole key under the installation's pepper: what the store keeps in the key's place. */
export const hashKey = (text: string, pepper: Uint8Array): Buffer => createHmac('sha256', pepper).update(text).digest();

/** Public id of a key that the operator chose: told by its hash, so that it can be logged. */
export const operatorKeyId = (hash: Uint8Array): string => `env_${Buffer.from(hash).toString('hex', 0, 6)}`;
