import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type { Backup } from '@patchbay/contract/resources/transfer';

import { keyOf, newRecipe, readRecipe, type KeyRecipe } from './passphrase.ts';

/** What stands in the first line of a backup. Everything but the contents, which follow; protected with them. */
export interface BackupHead extends Omit<Backup, 'size'> {
  readonly format: 'patchbay-backup';
  readonly formatVersion: 1;
  readonly recipe?: KeyRecipe;
  /** Base64url. */
  readonly iv?: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const NEW_LINE = 10;
/** No head is longer; what has no line break by then is no backup. In bytes. */
const HEAD_BYTES_MAX = 16_384;
/** Contents of a backup, unpacked, in bytes: what 100,000 models take, several times over. */
const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;

const packed = promisify(gzip);
const unpacked: (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer> = promisify(gunzip);

/** Writes a backup: one line of JSON, then the document, packed and sealed as the head says. */
export async function writeBackup(
  facts: Omit<BackupHead, 'format' | 'formatVersion' | 'recipe' | 'iv'>,
  document: object,
  passphrase: string | undefined,
): Promise<Buffer> {
  const plain = Buffer.from(JSON.stringify(document));
  const body = facts.compressed ? await packed(plain) : plain;
  const started = { format: 'patchbay-backup', formatVersion: 1, ...facts } as const;
  if (passphrase === undefined) return join(started, body);
  const recipe = newRecipe();
  const iv = randomBytes(IV_BYTES);
  const head: BackupHead = { ...started, recipe, iv: iv.toString('base64url') };
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, recipe), iv);
  cipher.setAAD(Buffer.from(JSON.stringify(head)));
  return join(head, Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()]));
}

const join = (head: BackupHead, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);

/** The head of a backup, from its first bytes; `undefined` when it is none. */
export function readBackupHead(start: Buffer): BackupHead | undefined {
  const end = start.subarray(0, HEAD_BYTES_MAX).indexOf(NEW_LINE);
  if (end < 0) return undefined;
  try {
    const head = JSON.parse(start.toString('utf8', 0, end)) as BackupHead;
    return head.format === 'patchbay-backup' && head.formatVersion === 1 ? head : undefined;
  } catch {
    return undefined;
  }
}

/** A backup's document, or a sentence that says why it cannot be had. */
export type ReadBackup =
  | { readonly ok: true; readonly document: unknown }
  | {
      readonly ok: false;
      readonly message: string;
      /** True where another key would help. */
      readonly isKey?: true;
    };

/** Opens a backup. */
export async function readBackup(file: Buffer, passphrase: string | undefined): Promise<ReadBackup> {
  const head = readBackupHead(file);
  if (head === undefined) return { ok: false, message: 'This is no backup.' };
  const body = file.subarray(file.indexOf(NEW_LINE) + 1);
  if (head.encrypted && passphrase === undefined)
    return { ok: false, isKey: true, message: 'The backup is encrypted. Send its key in options.decryptionKey.' };
  const opened = head.encrypted ? await decrypt(head, body, passphrase ?? '') : body;
  if (opened === undefined)
    return {
      ok: false,
      isKey: true,
      message: 'The backup does not open: the key is another, or the file was changed.',
    };
  try {
    const plain = head.compressed ? await unpacked(opened, { maxOutputLength: UNPACKED_BYTES_MAX }) : opened;
    return { ok: true, document: JSON.parse(plain.toString('utf8')) };
  } catch {
    return { ok: false, message: 'The backup is damaged: what it holds cannot be read.' };
  }
}

async function decrypt(head: BackupHead, body: Buffer, passphrase: string): Promise<Buffer | undefined> {
  const recipe = readRecipe(head.recipe);
  const iv = Buffer.from(head.iv ?? '', 'base64url');
  if (recipe === undefined || iv.length !== IV_BYTES || body.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, recipe), iv);
  decipher.setAAD(Buffer.from(JSON.stringify(head)));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A backup as the management interfaces show it. */
export const shownBackup = (head: BackupHead, size: number): Backup => ({
  id: head.id,
  createdAt: head.createdAt,
  createdBy: head.createdBy,
  size,
  compressed: head.compressed,
  encrypted: head.encrypted,
  contents: head.contents,
});

/** Bytes at a file's start that hold its head. */
export const BACKUP_HEAD_BYTES = HEAD_BYTES_MAX;
