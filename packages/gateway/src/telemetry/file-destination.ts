import { mkdirSync } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** A log on the disk. */
export interface FileDestination {
  /** Takes text; it is written later, in order, as long as no more than a few mebibytes wait. */
  write(text: string): void;
  /** Writes what waits and closes the file. */
  close(): Promise<void>;
}

export interface FileDestinationParts {
  readonly folder: string;
  /** Size from which on a file is put away, in bytes. Default 10 MiB. */
  readonly bytesMax?: number;
  /** Files in all. Default 5. */
  readonly filesMax?: number;
  /** Hears once why nothing is written. */
  readonly onError: (error: unknown) => void;
}

const FILE = 'application.log';
const BYTES_MAX = 10 * 1024 * 1024;
const FILES_MAX = 5;
/** Text that waits for a slow disk, in characters; what comes on top is lost here, not where the log goes besides. */
const WAITING_MAX = 4 * 1024 * 1024;

/**
 * Keeps a log in `application.log` of a folder, which is made where it is missing; only its owner can read the file. A full
 * file becomes `application.log.1`, that one `.2`, and the last is dropped. Where the folder cannot be used, `onError`
 * hears of it and the gateway goes on without.
 */
export function fileDestination({ folder, onError, ...given }: FileDestinationParts): FileDestination {
  const file = new RotatingFile(path.join(folder, FILE), { ...DEFAULTS, ...given });
  let waiting = '';
  let writing: Promise<void> | undefined;
  let isBroken = false;
  const fail = (error: unknown): void => {
    isBroken = true;
    waiting = '';
    onError(error);
  };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    fail(error);
  }
  const drain = async (): Promise<void> => {
    while (waiting !== '') {
      const text = waiting;
      waiting = '';
      await file.append(text);
    }
  };
  const start = (): void => {
    writing ??= drain()
      .catch(fail)
      .finally(() => (writing = undefined));
  };
  return {
    write(text) {
      if (isBroken || waiting.length + text.length > WAITING_MAX) return;
      waiting += text;
      start();
    },
    async close() {
      while (writing !== undefined) await writing;
      await file.close();
    },
  };
}

const DEFAULTS = { bytesMax: BYTES_MAX, filesMax: FILES_MAX };

class RotatingFile {
  readonly #file: string;
  readonly #limits: { readonly bytesMax: number; readonly filesMax: number };
  #handle: FileHandle | undefined;
  #bytes = 0;

  constructor(file: string, limits: { readonly bytesMax: number; readonly filesMax: number }) {
    this.#file = file;
    this.#limits = limits;
  }

  async append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#handle ??= await this.#open();
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.#limits.bytesMax) {
      await this.close();
      await this.#rotate();
      this.#handle = await this.#open();
    }
    await this.#handle.appendFile(bytes);
    this.#bytes += bytes.length;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #open(): Promise<FileHandle> {
    const handle = await open(this.#file, 'a', 0o600);
    // One that was there may have been open to others.
    await handle.chmod(0o600);
    this.#bytes = (await handle.stat()).size;
    return handle;
  }

  async #rotate(): Promise<void> {
    for (let number = this.#limits.filesMax - 1; number >= 1; number -= 1) {
      const from = number === 1 ? this.#file : `${this.#file}.${number - 1}`;
      await rename(from, `${this.#file}.${number}`).catch(ignoreMissing);
    }
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
