import { randomBytes, scrypt } from 'node:crypto';

import { createSealer, type Sealer } from '@patchbay/llm/credentials/seal';
import { Secret } from '@patchbay/llm/credentials/secret';

/** How a key was made of a passphrase; stands beside what it sealed, and is no secret. */
export interface KeyRecipe {
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Base64url. */
  readonly salt: string;
}

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const COST = { N: 2 ** 17, r: 8, p: 1 };
/** A recipe comes from a file; what it asks for must not bring the machine down. In bytes. */
const MEMORY_MAX = 512 * 1024 * 1024;

/** A new recipe. It takes 128 MiB and some tenths of a second to follow, so that guessing passphrases is dear. */
export const newRecipe = (): KeyRecipe => ({
  kdf: 'scrypt',
  ...COST,
  salt: randomBytes(SALT_BYTES).toString('base64url'),
});

/** The recipe in a file, or `undefined` when it is none that can be followed. */
export function readRecipe(value: unknown): KeyRecipe | undefined {
  const { kdf, N, r, p, salt } = (typeof value === 'object' && value !== null ? value : {}) as Partial<KeyRecipe>;
  const isWhole = [N, r, p].every((each) => Number.isSafeInteger(each) && Number(each) > 0);
  if (kdf !== 'scrypt' || !isWhole || typeof salt !== 'string' || salt.length < SALT_BYTES) return undefined;
  const recipe = { kdf, N: Number(N), r: Number(r), p: Number(p), salt };
  const isPowerOfTwo = recipe.N > 1 && Number.isInteger(Math.log2(recipe.N));
  return isPowerOfTwo && memoryOf(recipe) * recipe.p <= MEMORY_MAX ? recipe : undefined;
}

const memoryOf = ({ N, r }: KeyRecipe): number => 128 * N * r;

/** The key that a passphrase gives under a recipe; made on another thread. */
export const keyOf = (passphrase: string, recipe: KeyRecipe): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const { N, r, p, salt } = recipe;
    const options = { N, r, p, maxmem: 2 * memoryOf(recipe) };
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64url'), KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });

/** What seals single secrets under a passphrase. */
export const passphraseSealer = async (passphrase: string, recipe: KeyRecipe): Promise<Sealer> =>
  createSealer([new Secret((await keyOf(passphrase, recipe)).toString('hex'))]);
