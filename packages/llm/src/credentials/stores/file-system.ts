import { builtinModule } from '../../transport/builtin-module.ts';
import { AuthError, type AuthErrorCode } from '../auth-error.ts';

/** An open file. */
export interface FileHandle {
  writeFile(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What stores use of Node's `fs/promises`. */
export interface FileSystem {
  open(path: string, flags: string, mode?: number): Promise<FileHandle>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, options: { readonly recursive: true; readonly mode: number }): Promise<unknown>;
  copyFile(from: string, to: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<{ readonly mtimeMs: number; isDirectory(): boolean }>;
}

/** Who is named as the provider in errors of stores, which know none. */
const STORE = 'Token storage';

/** An error of a store. */
export const storeError = (code: AuthErrorCode, message: string, cause?: unknown): AuthError =>
  new AuthError({ provider: STORE, code, message, cause, ...(cause instanceof Error && { details: cause.message }) });

/** Node's file system. Throws `storage_error` where there is none. */
export function fileSystem(host?: Parameters<typeof builtinModule>[1]): FileSystem {
  const files = builtinModule<FileSystem>('node:fs/promises', host);
  if (files !== undefined) return files;
  throw storeError('storage_error', 'There are no files here. Keep tokens in memory or in a store of your own');
}

/** The code of an error of the file system, e.g. `ENOENT`. */
export const errnoOf = (error: unknown): string | undefined => (error as { readonly code?: string } | undefined)?.code;

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Give its owner the right to read and write it (chmod 600), and the folder too (chmod 700)',
  EPERM: 'Give its owner the right to read and write it (chmod 600), and the folder too (chmod 700)',
  EROFS: 'Name a place that can be written',
  ENOSPC: 'The disk is full',
  EISDIR: 'It is a folder: end the name with a slash to keep one file a token in it',
  ENOTDIR: 'Something on the way to it is a file and no folder',
};

/** The same work with what the file system says against it as a `storage_error` that names the file and what to do. */
export async function onFile<T>(does: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AuthError) throw error;
    const code = errnoOf(error) ?? 'error';
    const remedy = REMEDIES[code];
    throw storeError(
      'storage_error',
      `${path} could not be ${does} (${code})${remedy === undefined ? '' : `. ${remedy}`}`,
      error,
    );
  }
}

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** Makes the folder and those above it, for their owner alone. Folders that are there stay as they are. */
export const makeFolder = (files: FileSystem, path: string): Promise<unknown> =>
  files.mkdir(path, { recursive: true, mode: FOLDER_MODE });

/** The folder of a file, `.` where the path names none. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return end < 0 ? '.' : path.slice(0, Math.max(end, 1));
}

/** The text of a file, or `undefined` where there is none. */
export async function readIfThere(files: FileSystem, path: string): Promise<string | undefined> {
  try {
    return await files.readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a file for its owner alone, whole or not at all: whoever reads meanwhile, or after a crash, finds the old text or
 * the new one.
 */
export async function replaceFile(files: FileSystem, path: string, text: string): Promise<void> {
  // A link stays one, and the file that it names is replaced.
  const target = await files.realpath(path).catch(() => path);
  const fresh = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    await writeDurably(files, fresh, text);
    await files.rename(fresh, target);
  } catch (error) {
    await files.unlink(fresh).catch(() => undefined);
    throw error;
  }
  await syncFolder(files, folderOf(target));
}

/** Makes a file that must not be there yet, and has it on the disk before it resolves. */
export async function writeDurably(files: FileSystem, path: string, text: string): Promise<void> {
  const handle = await files.open(path, 'wx', FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name, too, is on the disk only then. Some systems cannot open folders, and need not. */
async function syncFolder(files: FileSystem, path: string): Promise<void> {
  const handle = await files.open(path, 'r').catch(() => undefined);
  if (handle === undefined) return;
  try {
    await handle.sync();
  } catch {
    // Not every file system can; the file itself is safe.
  } finally {
    await handle.close();
  }
}
