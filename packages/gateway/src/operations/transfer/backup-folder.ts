import { link, mkdir, open, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Backup } from '@patchbay/contract/resources/transfer';

import { BACKUP_HEAD_BYTES, readBackupHead, shownBackup } from './backup-file.ts';

const ENDING = '.patchbay-backup';
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where backups lie: files of 0600 in a folder of 0700. */
export class BackupFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a backup; it is there as a whole or not at all, even if the machine stops meanwhile. */
  async put(id: string, bytes: Buffer): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = path.join(this.#folder, `.${id}.draft`);
    await writeFile(draft, bytes, { mode: 0o600, flag: 'wx', flush: true });
    try {
      await link(draft, this.#fileOf(id));
    } finally {
      await unlink(draft);
    }
  }

  /** The bytes of a backup; `undefined` when there is none with this id, whatever the id looks like. */
  async get(id: string): Promise<Buffer | undefined> {
    return ID.test(id) ? unlessMissing(readFile(this.#fileOf(id))) : undefined;
  }

  /** False when there was none. */
  async remove(id: string): Promise<boolean> {
    return ID.test(id) && (await unlessMissing(unlink(this.#fileOf(id)).then(() => true))) === true;
  }

  /** All backups, the newest first. */
  async list(): Promise<readonly Backup[]> {
    const names = (await unlessMissing(readdir(this.#folder))) ?? [];
    const ids = names.flatMap((name) => (name.endsWith(ENDING) ? [name.slice(0, -ENDING.length)] : []));
    const backups = await Promise.all(ids.filter((id) => ID.test(id)).map((id) => this.#look(id)));
    return backups
      .flatMap((each) => each ?? [])
      .sort((one, other) => (one.createdAt === other.createdAt ? 0 : one.createdAt > other.createdAt ? -1 : 1));
  }

  async #look(id: string): Promise<Backup | undefined> {
    const file = await unlessMissing(open(this.#fileOf(id)));
    if (file === undefined) return undefined;
    try {
      const start = Buffer.alloc(BACKUP_HEAD_BYTES);
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      const head = readBackupHead(start.subarray(0, bytesRead));
      return head && shownBackup(head, (await file.stat()).size);
    } finally {
      await file.close();
    }
  }

  #fileOf(id: string): string {
    return path.join(this.#folder, `${id}${ENDING}`);
  }
}

async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
