import type { Handlers } from '../handler.ts';
import {
  createBackup,
  deleteBackup,
  downloadBackup,
  listBackups,
  restoreBackup,
  type TransferParts,
} from './backups.ts';
import { downloadAll, downloadOne, exportDocument } from './export.ts';
import { importDocument, validateImport } from './import.ts';

/** How configuration leaves and comes back. */
export const transferHandlers = (parts: TransferParts) =>
  ({
    'configuration.export': exportDocument(parts),
    'configuration.download': downloadAll(parts),
    'configuration.downloadOne': downloadOne(parts),
    'configuration.import': importDocument(parts),
    'configuration.validateImport': validateImport(parts),
    'backups.create': createBackup(parts),
    'backups.list': listBackups(parts),
    'backups.download': downloadBackup(parts),
    'backups.restore': restoreBackup(parts),
    'backups.delete': deleteBackup(parts),
  }) satisfies Partial<Handlers>;
