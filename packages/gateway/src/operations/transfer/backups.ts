import type { OperationFailure } from '@patchbay/contract';

import { done, refused, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { readBackup, readBackupHead, shownBackup, writeBackup } from './backup-file.ts';
import type { BackupFolder } from './backup-folder.ts';
import { nameOf, passphraseMissing, secretsProblem } from './export.ts';
import { exportConfiguration } from './export-configuration.ts';
import { runImport } from './import.ts';
import { readImport } from './read-import.ts';

/** What the exchange of configurations stands on besides. */
export interface TransferParts extends ManagementParts {
  readonly backups: BackupFolder;
}

const notFound = (id: string): OperationFailure => ({
  code: 'NOT_FOUND',
  message: `There is no backup with the id \`${id}\`. GET /api/admin/providers/backups lists them.`,
});

/** Keeps a copy of the whole configuration. */
export const createBackup =
  (parts: TransferParts): Handler<'backups.create'> =>
  async ({ body }, { principal }) => {
    const { includeSystemProviders, includeCredentials, compression, encryption, encryptionKey } = body;
    const problem = includeCredentials
      ? secretsProblem(principal, encryptionKey, 'encryptionKey')
      : encryption && encryptionKey === undefined
        ? passphraseMissing('encryptionKey')
        : undefined;
    if (problem !== undefined) return refused(problem);
    const createdBy = nameOf(principal);
    const scope = { includeModels: true, includeTemplates: true, includeSystemProviders };
    const passphrase = includeCredentials ? encryptionKey : undefined;
    const exported = await exportConfiguration(parts, { ...scope, passphrase }, createdBy);
    if (!exported.ok) return refused(exported.failure);
    const { data, metadata } = exported.document;
    const facts = {
      id: parts.newId(),
      createdAt: metadata.exportedAt,
      createdBy,
      compressed: compression,
      encrypted: encryption,
      contents: {
        providers: data.providers.length,
        models: data.models.length,
        templates: data.templates.length,
        credentials: includeCredentials,
      },
    };
    const bytes = await writeBackup(facts, exported.document, encryption ? encryptionKey : undefined);
    await parts.backups.put(facts.id, bytes);
    const shown = { ...facts, size: bytes.length };
    return done(shown, { resource: 'backup', resourceId: facts.id, after: shown });
  };

/** Backups, the newest first. */
export const listBackups =
  ({ backups }: TransferParts): Handler<'backups.list'> =>
  async ({ query: { limit, offset } }) => {
    const all = await backups.list();
    return done({ backups: all.slice(offset, offset + limit), total: all.length });
  };

/** A backup as it lies, to be kept elsewhere; one that is not encrypted as the export in it, which import takes. */
export const downloadBackup =
  ({ backups }: TransferParts): Handler<'backups.download'> =>
  async ({ params: { id } }) => {
    const bytes = await backups.get(id);
    const head = bytes && readBackupHead(bytes);
    if (bytes === undefined || head === undefined) return refused(notFound(id));
    const read = head.encrypted ? undefined : await readBackup(bytes, undefined);
    const file =
      read?.ok === true
        ? {
            name: `backup-${id}.json`,
            contentType: 'application/json',
            bytes: Buffer.from(JSON.stringify(read.document)),
          }
        : { name: `backup-${id}.patchbay-backup`, contentType: 'application/octet-stream', bytes };
    return { ok: true, value: undefined, file };
  };

const PASSPHRASE_FIELD = 'options.decryptionKey';

/** Brings a backup back: all of it or none. What is not in it stays. */
export const restoreBackup =
  (parts: TransferParts): Handler<'backups.restore'> =>
  async ({ body: { backupId, options } }, { principal }) => {
    const bytes = await parts.backups.get(backupId);
    if (bytes === undefined) return refused(notFound(backupId));
    const backup = await readBackup(bytes, options.decryptionKey);
    if (!backup.ok) {
      const message = `Nothing was restored: ${backup.message}`;
      return refused({ code: 'IMPORT_ERROR', message, ...(backup.isKey && { field: PASSPHRASE_FIELD }) });
    }
    const read = await readImport({
      ...(backup.document as object),
      options: {
        conflictResolution: options.overwriteExisting ? 'replace' : 'skip',
        dryRun: options.dryRun,
        skipValidation: !options.validateBeforeRestore,
        ...(options.decryptionKey !== undefined && { passphrase: options.decryptionKey }),
      },
    });
    if (!read.ok) return refused({ code: 'IMPORT_ERROR', message: `Nothing was restored: ${read.message}` });
    const restored = await runImport(parts, read.document, {
      options: read.options,
      principal,
      withSecrets: options.restoreCredentials,
      passphraseField: PASSPHRASE_FIELD,
    });
    if (!restored.ok || options.dryRun) return restored;
    return done(restored.value, { resource: 'backup', resourceId: backupId, after: restored.value.summary });
  };

/** Removes a backup. */
export const deleteBackup =
  ({ backups }: TransferParts): Handler<'backups.delete'> =>
  async ({ params: { id } }) => {
    const bytes = await backups.get(id);
    const head = bytes && readBackupHead(bytes);
    if (!(await backups.remove(id))) return refused(notFound(id));
    const before = head && shownBackup(head, bytes.length);
    return done(undefined as never, { resource: 'backup', resourceId: id, ...(before && { before }) });
  };
