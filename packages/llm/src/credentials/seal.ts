import { base64url } from 'jose';
import { failed, ok, type Failure, type Result } from '../model/failure.ts';
import { Secret } from './secret.ts';

/** Where a sealed text lies. It opens only there: in another row or member it is refused. */
export interface SealPlace {
  readonly table: string;
  readonly row: string;
  /** Column, and path within it, e.g. `auth_config.fields.apiKey`. */
  readonly field: string;
}

/** Seals secrets at rest (AES-256-GCM) and opens them. */
export interface Sealer {
  /** Names the key that seals now; part of every sealed text, and tells nothing of the key. */
  readonly keyId: string;
  /** The secret as `enc:v1:<key id>:<base64url>`, different each time. */
  seal(secret: Secret, place: SealPlace): Promise<string>;
  /**
   * The secret again. Fails with `code` `seal-malformed` (no sealed text), `seal-key-unknown` (none of our keys sealed it)
   * or `seal-broken` (it was changed, or lies elsewhere than where it was sealed).
   */
  open(sealed: string, place: SealPlace): Promise<Result<Secret>>;
  /** True when the key of now sealed it, so that a change of keys need not seal it again. */
  isCurrent(sealed: string): boolean;
}

const PREFIX = 'enc:v1:';
const SEALED = /^enc:v1:([0-9a-f]{16}):([\w-]+)$/;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** True for a text that claims to be sealed. */
export const isSealed = (text: string): boolean => text.startsWith(PREFIX);

/**
 * A sealer that seals with the first key and opens what any of them sealed: keys change by putting the new one in front.
 * A key is any text; whoever can guess it can open everything, so it should be 32 random bytes in hexadecimal.
 */
export async function createSealer(keys: readonly [Secret, ...Secret[]]): Promise<Sealer> {
  const [current, ...former] = await Promise.all(keys.map(deriveKey));
  if (current === undefined) throw new TypeError('A sealer needs a key.');
  const known = new Map([...former, current].map((each) => [each.id, each.key]));
  return {
    keyId: current.id,
    seal: (secret, place) => seal(current, secret, place),
    open: (sealed, place) => open(known, sealed, place),
    isCurrent: (sealed) => SEALED.exec(sealed)?.[1] === current.id,
  };
}

interface SealKey {
  readonly id: string;
  readonly key: CryptoKey;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Key and id come from the text by one-way functions of different purpose, so the id gives nothing away. */
async function deriveKey(text: Secret): Promise<SealKey> {
  const source = await crypto.subtle.importKey('raw', encoder.encode(text.reveal()), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ]);
  const by = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: encoder.encode(`patchbay seal v1 ${info}`),
  });
  const [key, id] = await Promise.all([
    crypto.subtle.deriveKey(by('key'), source, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    crypto.subtle.deriveBits(by('id'), source, 64),
  ]);
  return { id: Array.from(new Uint8Array(id), (byte) => byte.toString(16).padStart(2, '0')).join(''), key };
}

async function seal({ id, key }: SealKey, secret: Secret, place: SealPlace): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const cipher = await crypto.subtle.encrypt(parameters(iv, id, place), key, encoder.encode(secret.reveal()));
  const whole = new Uint8Array(IV_BYTES + cipher.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(cipher), IV_BYTES);
  return `${PREFIX}${id}:${base64url.encode(whole)}`;
}

async function open(keys: ReadonlyMap<string, CryptoKey>, sealed: string, place: SealPlace): Promise<Result<Secret>> {
  const [, id = '', encoded = ''] = SEALED.exec(sealed) ?? [];
  const bytes = base64url.decode(encoded);
  if (bytes.length < IV_BYTES + TAG_BYTES) return failed(refusal(place, 'seal-malformed', 'is no sealed text'));
  const key = keys.get(id);
  if (key === undefined) return failed(refusal(place, 'seal-key-unknown', `was sealed with the key ${id}, not given`));
  try {
    const plain = await crypto.subtle.decrypt(
      parameters(bytes.slice(0, IV_BYTES), id, place),
      key,
      bytes.slice(IV_BYTES),
    );
    return ok(new Secret(decoder.decode(plain)));
  } catch {
    return failed(refusal(place, 'seal-broken', 'was changed, or moved here from another row or field'));
  }
}

/** The place is not stored but authenticated: a text that was moved does not open. */
const parameters = (iv: Uint8Array<ArrayBuffer>, keyId: string, { table, row, field }: SealPlace) => ({
  name: 'AES-GCM',
  iv,
  additionalData: encoder.encode(JSON.stringify([keyId, table, row, field])),
});

const refusal = ({ table, row, field }: SealPlace, code: string, what: string): Failure => ({
  kind: 'internal',
  code,
  message: `The secret in ${table} ${row}, ${field}, ${what}.`,
});
