import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, readFile, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Secret } from '@patchbay/llm/credentials/secret';

/** File of the secret that keys are hashed with; without it every stored key is lost. */
export const PEPPER_FILE = 'key-pepper';
/** File of the data-plane key that the first start made. */
export const GATEWAY_KEY_FILE = 'gateway-key';
/** File of the first administrator's password, where it was generated. */
export const ADMIN_PASSWORD_FILE = 'admin-password';
/** File of the secret that access tokens are signed with. */
export const JWT_SECRET_FILE = 'jwt-secret';

/** File of the key that secrets in rows are sealed with; without it they cannot be opened. */
export const ENCRYPTION_KEY_FILE = 'encryption-key';

/** A secret that lies in the data folder. */
export interface KeptSecret {
  readonly secret: Secret;
  /** True when it was made just now. */
  readonly created: boolean;
  readonly file: string;
}

/** Makes the data folder (0700) where it is missing; throws one sentence when it cannot be used. */
export async function openDataDir(folder: string): Promise<string> {
  const absolute = path.resolve(folder);
  try {
    await mkdir(absolute, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`DATA_DIR ${absolute} cannot be made (${codeOf(error)}). Name a folder that can be written.`, {
      cause: error,
    });
  }
  if (!(await stat(absolute)).isDirectory()) throw new Error(`DATA_DIR ${absolute} is not a folder.`);
  await proveWritable(absolute);
  return absolute;
}

/** True for a folder in which a gateway has been started before. Makes nothing. */
export const isInstalled = (folder: string): Promise<boolean> => isThere(path.join(folder, PEPPER_FILE));

/** Throws what `openDataDir` would say of a folder that is not there yet; leaves nothing behind. */
export async function proveMakeable(folder: string): Promise<void> {
  const absolute = path.resolve(folder);
  const above = await nearestThere(absolute);
  if (!(await stat(above)).isDirectory())
    throw new Error(`DATA_DIR ${absolute} cannot be made: ${above} is a file. Name another folder.`);
  await proveWritable(above);
}

/** A path itself, or the nearest above it that is there. */
async function nearestThere(wanted: string): Promise<string> {
  for (let at = wanted; ; at = path.dirname(at)) if (at === path.dirname(at) || (await isThere(at))) return at;
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** Rights do not tell of read-only and full disks: whether something can be made there, only making it tells. */
async function proveWritable(folder: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(path.join(folder, '.writable-')));
  } catch (error) {
    const advice = 'Let the user who runs Patchbay write there, or name another folder.';
    throw new Error(`DATA_DIR ${folder} cannot be written (${codeOf(error)}). ${advice}`, { cause: error });
  }
}

/** The secret in `<folder>/<name>`, made by `make` where there is none; two processes that start at once agree. */
export async function keptSecret(folder: string, name: string, make: () => string): Promise<KeptSecret> {
  const file = path.join(folder, name);
  const kept = await readSecret(file);
  if (kept !== undefined) return { secret: new Secret(kept), created: false, file };
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  const created = await linkUnlessThere(draft, file);
  const secret = await readSecret(file);
  if (secret === undefined) throw new Error(`${file} is empty. Remove it, so that it can be made anew.`);
  return { secret: new Secret(secret), created, file };
}

/** The keys for secrets at rest: the operator's, or one that is kept in the data folder, beside the database and not in it. */
export async function encryptionKeys(
  given: readonly Secret[],
  folder: string,
): Promise<readonly [Secret, ...Secret[]]> {
  const [first, ...former] = given;
  if (first !== undefined) return [first, ...former];
  return [(await keptSecret(folder, ENCRYPTION_KEY_FILE, () => randomBytes(32).toString('hex'))).secret];
}

/** Gives the draft its name where that is free, and takes the draft away. */
async function linkUnlessThere(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new Error(`${file} cannot be made (${codeOf(error)}). Use a file system with hard links.`, { cause: error });
  } finally {
    await unlink(draft);
  }
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read (${codeOf(error)}).`, { cause: error });
  }
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'unknown';
