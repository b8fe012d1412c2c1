import { base64url } from 'jose';
import { Secret } from '../secret.ts';
import { storeError } from './file-system.ts';

/** A sealed text as it lies in a file. All bytes are in base64url. */
interface Sealed {
  readonly format: typeof FORMAT;
  readonly kdf: typeof KDF;
  readonly iterations: number;
  readonly salt: string;
  readonly iv: string;
  readonly data: string;
}

const FORMAT = 'patchbay sealed tokens v1';
const KDF = 'pbkdf2-sha256';
/** What is advised for this function since 2023: guessing a passphrase costs that much each time. */
const ITERATIONS = 600_000;
/** A file that asks for more would only keep us busy. */
const ITERATIONS_MAX = 10_000_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
/** Each file has a salt of its own; the keys of so many are remembered. */
const KEYS_MAX = 100;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Seals texts with a passphrase (AES-256-GCM, PBKDF2 with 600 000 rounds) and opens them. Each keeps its salt. */
export class TextSealer {
  readonly #passphrase: Secret;
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  /** A blank passphrase throws `invalid_config`. */
  constructor(passphrase: string | Secret) {
    this.#passphrase = passphrase instanceof Secret ? passphrase : new Secret(passphrase);
    const text: unknown = this.#passphrase.reveal();
    if (typeof text !== 'string' || text.trim() === '')
      throw storeError('invalid_config', 'The encryption key of a token store must be a text that is not blank');
  }

  /** `former` is what lay there before, whose salt is kept: deriving a key takes a while. */
  async seal(text: string, former: string | undefined): Promise<string> {
    const known = former === undefined ? undefined : sealedOf(former);
    const salt = known?.iterations === ITERATIONS ? known.salt : base64url.encode(randomBytes(SALT_BYTES));
    const head = { format: FORMAT, kdf: KDF, iterations: ITERATIONS, salt } as const;
    const iv = randomBytes(IV_BYTES);
    const data = await crypto.subtle.encrypt(cipherOf(head, iv), await this.#keyOf(head), encoder.encode(text));
    const sealed: Sealed = { ...head, iv: base64url.encode(iv), data: base64url.encode(new Uint8Array(data)) };
    return `${JSON.stringify(sealed, undefined, 2)}\n`;
  }

  /** The text again; what is not sealed, as it is. Throws `encryption_error` for another key and for changed texts. */
  async open(text: string, where: string): Promise<string> {
    const sealed = sealedOf(text);
    if (sealed === undefined) return text;
    try {
      const key = await this.#keyOf(sealed);
      const plain = await crypto.subtle.decrypt(cipherOf(sealed, bytesOf(sealed.iv)), key, bytesOf(sealed.data));
      return decoder.decode(plain);
    } catch (error) {
      throw storeError('encryption_error', `${where} was sealed with another key, or was changed since`, error);
    }
  }

  #keyOf({ salt, iterations }: Pick<Sealed, 'salt' | 'iterations'>): Promise<CryptoKey> {
    const name = `${iterations}:${salt}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    if (this.#keys.size >= KEYS_MAX) this.#keys.clear();
    const derived = this.#derive(salt, iterations);
    this.#keys.set(name, derived);
    return derived;
  }

  async #derive(salt: string, iterations: number): Promise<CryptoKey> {
    const raw = encoder.encode(this.#passphrase.reveal());
    const source = await crypto.subtle.importKey('raw', raw, 'PBKDF2', false, ['deriveKey']);
    const way = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations };
    return crypto.subtle.deriveKey(way, source, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  }
}

/** The plain text of a file for whoever has no key. Throws `encryption_error` where it is sealed. */
export function plainOnly(text: string, where: string): string {
  if (sealedOf(text) === undefined) return text;
  throw storeError('encryption_error', `${where} is sealed. Pass the encryption key that it was sealed with`);
}

/** How it was sealed is authenticated with it: nobody can make it weaker and have it believed. */
const cipherOf = (
  { format, kdf, iterations, salt }: Pick<Sealed, 'format' | 'kdf' | 'iterations' | 'salt'>,
  iv: Uint8Array<ArrayBuffer>,
) => ({ name: 'AES-GCM', iv, additionalData: encoder.encode(JSON.stringify([format, kdf, iterations, salt])) });

const randomBytes = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(base64url.decode(text));

function sealedOf(text: string): Sealed | undefined {
  try {
    const read = JSON.parse(text) as Partial<Sealed> | null;
    if (read?.format !== FORMAT) return undefined;
    const { kdf, iterations = 0 } = read;
    const isOurs = kdf === KDF && iterations > 0 && iterations <= ITERATIONS_MAX;
    return isOurs ? ({ salt: '', iv: '', data: '', ...read } as Sealed) : undefined;
  } catch {
    return undefined;
  }
}
