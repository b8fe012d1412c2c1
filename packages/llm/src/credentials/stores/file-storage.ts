import type { Clock } from '../../model/clock.ts';
import type { Secret } from '../secret.ts';
import { backUp, type BackupOptions } from './backups.ts';
import { withFileLock } from './file-lock.ts';
import {
  fileSystem,
  folderOf,
  makeFolder,
  onFile,
  readIfThere,
  replaceFile,
  storeError,
  type FileSystem,
} from './file-system.ts';
import { plainOnly, TextSealer } from './sealed-text.ts';
import { readToken, writtenToken, type WrittenToken } from './stored-token.ts';
import type { StoredToken, TokenStorage } from './token-storage.ts';

/** How tokens are kept in files. */
export interface FileStorageOptions {
  /**
   * One file for all tokens, or a folder with a file for each. Default: what is there; else a file where the name ends in
   * `.json`, and a folder where it does not.
   */
  readonly layout?: 'file' | 'folder';
  /**
   * Seals the files (AES-256-GCM, key by PBKDF2 with 600 000 rounds and a salt a file). Files that lie there in the clear
   * are read, and sealed with the next change. Default: files are in the clear, for their owner alone.
   */
  readonly encryptionKey?: string | Secret;
  /** Default: none are made. */
  readonly backup?: BackupOptions;
  /** How long to wait for another process that writes, in milliseconds. Default 5000. */
  readonly lockTimeout?: number;
}

type Entries = ReadonlyMap<string, WrittenToken>;

const LOCK_MS = 5000;
/** A renewal of another process takes no longer than its own time limits. */
const RENEWAL_MS = 60_000;

/**
 * Tokens in files of mode 0600, in folders of mode 0700 where it makes them. Every change is whole or not at all and on
 * the disk when it resolves; any number of processes may share the files. Throws `storage_error` where files cannot be
 * read or written, and `encryption_error` where they cannot be opened.
 */
export class FileTokenStorage implements TokenStorage {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #options: FileStorageOptions;
  readonly #sealer: TextSealer | undefined;
  #layout: Promise<'file' | 'folder'> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock, path: string, options: FileStorageOptions = {}) {
    if (typeof path !== 'string' || path.trim() === '')
      throw storeError('invalid_config', 'Name the file of the token store, e.g. .tokens.json');
    this.#clock = clock;
    this.#path = path;
    this.#options = options;
    this.#sealer = options.encryptionKey === undefined ? undefined : new TextSealer(options.encryptionKey);
  }

  async storeToken(key: string, token: StoredToken): Promise<void> {
    const written = writtenToken(token);
    await this.#change(key, (entries) => new Map([...entries, [key, written]]));
  }

  async retrieveToken(key: string): Promise<StoredToken | undefined> {
    const path = await this.#fileOf(key);
    const written = (await this.#read(path)).get(key);
    return written === undefined ? undefined : readToken(written, `${path}, ${key},`);
  }

  async deleteToken(key: string): Promise<void> {
    const there = await this.#read(await this.#fileOf(key));
    if (there.has(key)) await this.#change(key, (entries) => new Map([...entries].filter(([each]) => each !== key)));
  }

  async listTokens(): Promise<readonly string[]> {
    if ((await this.#layoutNow()) === 'file') return [...(await this.#read(this.#path)).keys()];
    const names = await onFile('read', this.#path, async () => (await this.#names()) ?? []);
    return names.flatMap((name) => keyOf(name) ?? []);
  }

  async exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    const file = await this.#fileOf(key);
    return this.#locked(`${file}.${nameOf(key)}.renewal.lock`, RENEWAL_MS, work);
  }

  #change(key: string, change: (entries: Entries) => Entries): Promise<void> {
    const changed = this.#turn.then(async () => {
      const path = await this.#fileOf(key);
      const files = fileSystem();
      await this.#locked(`${path}.lock`, this.#options.lockTimeout ?? LOCK_MS, () =>
        onFile('written', path, async () => {
          const entries = change(await this.#read(path));
          if (this.#options.backup?.enabled === true && (await readIfThere(files, path)) !== undefined)
            await backUp(files, path, this.#options.backup, this.#clock.nowMs());
          if (entries.size === 0 && (await this.#layoutNow()) === 'folder') return files.unlink(path);
          await this.#write(files, path, entries);
        }),
      );
    });
    // The next one waits for this one however it ends.
    this.#turn = changed.catch(() => undefined);
    return changed;
  }

  /** Makes the folder that the lock lies in. */
  async #locked<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
    const files = fileSystem();
    await onFile('written', path, () => makeFolder(files, folderOf(path)));
    const held: { outcome?: Promise<T> } = {};
    await onFile('written', path, () =>
      withFileLock({ files, clock: this.#clock, path, waitMs }, async () => {
        held.outcome = work();
        await held.outcome.catch(() => undefined);
      }),
    );
    // What the work itself throws says nothing about the lock.
    return held.outcome as Promise<T>;
  }

  async #read(path: string): Promise<Entries> {
    const text = await onFile('read', path, () => readIfThere(fileSystem(), path));
    if (text === undefined || text.trim() === '') return new Map();
    const plain = this.#sealer === undefined ? plainOnly(text, path) : await this.#sealer.open(text, path);
    return entriesOf(plain, path);
  }

  async #write(files: FileSystem, path: string, entries: Entries): Promise<void> {
    const text = `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
    const written = (await this.#sealer?.seal(text, await readIfThere(files, path))) ?? text;
    await replaceFile(files, path, written);
  }

  async #fileOf(key: string): Promise<string> {
    if (typeof key !== 'string' || key === '') throw storeError('storage_error', 'A token is stored under a name');
    const isFile = (await this.#layoutNow()) === 'file';
    return isFile ? this.#path : `${this.#path.replace(/[/\\]+$/, '')}/${nameOf(key)}.json`;
  }

  #layoutNow(): Promise<'file' | 'folder'> {
    this.#layout ??= this.#findLayout();
    return this.#layout;
  }

  async #findLayout(): Promise<'file' | 'folder'> {
    if (this.#options.layout !== undefined) return this.#options.layout;
    const there = await fileSystem()
      .stat(this.#path)
      .catch(() => undefined);
    if (there !== undefined) return there.isDirectory() ? 'folder' : 'file';
    return this.#path.endsWith('.json') ? 'file' : 'folder';
  }

  async #names(): Promise<string[] | undefined> {
    const files = fileSystem();
    const there = await files.stat(this.#path).catch(() => undefined);
    return there === undefined ? undefined : files.readdir(this.#path);
  }
}

function entriesOf(text: string, path: string): Entries {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw storeError('storage_error', `${path} is no JSON. Move it away, or bring a backup back`, error);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw storeError('storage_error', `${path} holds something else than tokens. Move it away, or name another file`);
  return new Map(Object.entries(read));
}

/** A file name for any key. Capitals are written out, too: some file systems do not tell them apart. */
const nameOf = (key: string): string =>
  Array.from(new TextEncoder().encode(key), (byte) => {
    const letter = String.fromCharCode(byte);
    return /[a-z0-9_-]/.test(letter) ? letter : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  }).join('');

function keyOf(name: string): readonly string[] | undefined {
  if (!/^[a-z0-9_%A-F-]+\.json$/.test(name)) return undefined;
  try {
    return [decodeURIComponent(name.slice(0, -'.json'.length))];
  } catch {
    return undefined;
  }
}
