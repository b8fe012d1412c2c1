import { AuthError } from '../auth-error.ts';
import { storeError } from './file-system.ts';
import { readToken, writtenToken } from './stored-token.ts';
import type { StoredToken, TokenStorage } from './token-storage.ts';

type Awaitable<T> = T | Promise<T>;

/** One secret in a keychain, as the entries of `@napi-rs/keyring` are, at once or with promises. */
export interface KeychainEntry {
  /** Nothing where there is none. */
  getPassword(): Awaitable<string | null | undefined>;
  setPassword(text: string): Awaitable<void>;
  deletePassword(): Awaitable<unknown>;
}

/** Which keychain, and how it is reached. */
export interface KeychainStorageOptions {
  /** The entry of a name: `(account) => new AsyncEntry('my-program', account)`. */
  readonly entryOf: (account: string) => KeychainEntry;
}

/** Longest text of one entry, in UTF-16 units: Windows keeps 2 560 bytes, and tokens can be longer. */
const PIECE_LENGTH_MAX = 1_000;

/** Where the names of all tokens stand: keychains cannot be listed everywhere. */
const INDEX = 'index';
const HEAD = /^(\d+):([\w-]+):([^]*)$/;

/**
 * Tokens in the keychain of the operating system, through a library that the program brings. A token that is longer than
 * an entry may be is kept in several; a reader sees the old one or the new one. Processes that store tokens at the same
 * time may forget names of one another in `listTokens`.
 */
export class KeychainTokenStorage implements TokenStorage {
  readonly #entryOf: KeychainStorageOptions['entryOf'];
  #last: Promise<unknown> = Promise.resolve();

  constructor({ entryOf }: KeychainStorageOptions) {
    this.#entryOf = entryOf;
  }

  storeToken(key: string, token: StoredToken): Promise<void> {
    const text = JSON.stringify(writtenToken(token));
    return this.#inTurn('stored', async () => {
      await this.#write(accountOf(key), text);
      const names = await this.#names();
      if (!names.includes(key)) await this.#write(INDEX, JSON.stringify([...names, key]));
    });
  }

  retrieveToken(key: string): Promise<StoredToken | undefined> {
    return this.#inTurn('read', async () => {
      const text = await this.#read(accountOf(key));
      return text === undefined ? undefined : readToken(parsed(text), `The keychain’s entry of ${key}`);
    });
  }

  deleteToken(key: string): Promise<void> {
    return this.#inTurn('deleted', async () => {
      const names = await this.#names();
      if (names.includes(key)) await this.#write(INDEX, JSON.stringify(names.filter((each) => each !== key)));
      const account = accountOf(key);
      const pieces = await this.#piecesOf(account);
      if (pieces !== undefined) await this.#remove([account, ...pieces.others]);
    });
  }

  listTokens(): Promise<readonly string[]> {
    return this.#inTurn('read', () => this.#names());
  }

  async #names(): Promise<readonly string[]> {
    const names = parsed((await this.#read(INDEX)) ?? '[]');
    return Array.isArray(names) ? names.filter((each) => typeof each === 'string') : [];
  }

  async #read(account: string): Promise<string | undefined> {
    const found = await this.#piecesOf(account);
    if (found === undefined) return undefined;
    const texts = [found.first];
    for (const name of found.others) texts.push((await this.#entryOf(name).getPassword()) ?? '');
    return texts.join('');
  }

  /** The others are written before the first, which names them: until then the old text counts. */
  async #write(account: string, text: string): Promise<void> {
    const before = await this.#piecesOf(account);
    const pieces = text.match(PIECE) ?? [''];
    const written = crypto.randomUUID().slice(0, 8);
    for (const [at, piece] of pieces.entries())
      if (at > 0) await this.#entryOf(pieceName(account, written, at)).setPassword(piece);
    await this.#entryOf(account).setPassword(`${pieces.length}:${written}:${pieces[0] ?? ''}`);
    await this.#remove(before?.others ?? []);
  }

  async #piecesOf(
    account: string,
  ): Promise<{ readonly first: string; readonly others: readonly string[] } | undefined> {
    const [, count, written = '', first = ''] = HEAD.exec((await this.#entryOf(account).getPassword()) ?? '') ?? [];
    if (count === undefined) return undefined;
    const others = Array.from({ length: Number(count) - 1 }, (_, at) => pieceName(account, written, at + 1));
    return { first, others };
  }

  async #remove(accounts: readonly string[]): Promise<void> {
    for (const account of accounts) await this.#entryOf(account).deletePassword();
  }

  /** One after the other: a keychain knows no transactions. */
  #inTurn<T>(what: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work).catch((error: unknown) => {
      if (error instanceof AuthError) throw error;
      throw storeError('storage_error', `Tokens could not be ${what} in the keychain`, error);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const PIECE = new RegExp(`[^]{1,${PIECE_LENGTH_MAX}}`, 'g');

const accountOf = (key: string): string => `token:${key}`;

const pieceName = (account: string, written: string, at: number): string => `${account}#${written}.${at}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
