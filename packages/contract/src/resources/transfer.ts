import * as z from 'zod/mini';

import { countQuery, Flag, Offset, Timestamp } from './page.ts';

/** Version of the export's shape. */
export const EXPORT_VERSION = '1.0';

/** What to export. Secrets leave only sealed with a passphrase of the administrator's own. */
export const ExportRequest = z.object({
  providerIds: z.optional(z.array(z.string())),
  includeModels: z._default(z.boolean(), true),
  includeTemplates: z._default(z.boolean(), false),
  includeSystemProviders: z._default(z.boolean(), true),
  includeCredentials: z._default(z.boolean(), false),
  /** Seals the secrets; needed with `includeCredentials`. At least 12 characters. */
  passphrase: z.optional(z.string().check(z.minLength(12), z.maxLength(1024))),
});

/** What goes into a downloaded file. */
export const ExportQuery = z.object({
  format: z._default(z.enum(['json', 'yaml']), 'json'),
  includeModels: z._default(Flag, true),
  includeTemplates: z._default(Flag, false),
  includeSystemProviders: z._default(Flag, false),
  excludeCredentials: z._default(Flag, true),
});

/** The things of an export, by kind. */
export const ExportData = z.object({
  providers: z.array(z.looseObject({})),
  models: z.array(z.looseObject({})),
  templates: z.array(z.looseObject({})),
});

/** A configuration as it leaves; import takes it unchanged. */
export const Export = z.object({
  data: ExportData,
  metadata: z.looseObject({ exportedAt: Timestamp, exportedBy: z.string(), version: z.string() }),
});

/** What can become of things that are there already. */
export const CONFLICT_RESOLUTIONS = ['merge', 'replace', 'overwrite', 'skip', 'rename'] as const;

/** How to import. */
export const ImportOptions = z.object({
  /** What becomes of things that are there already. Default `merge`; `overwrite` is another word for `replace`. */
  conflictResolution: z._default(z.enum(CONFLICT_RESOLUTIONS), 'merge'),
  /** Checks everything and changes nothing. */
  validateOnly: z._default(z.boolean(), false),
  dryRun: z._default(z.boolean(), false),
  overwriteExisting: z.optional(z.boolean()),
  skipValidation: z._default(z.boolean(), false),
  importModels: z._default(z.boolean(), true),
  importTemplates: z._default(z.boolean(), true),
  /** Opens the secrets of an export that holds them. */
  passphrase: z.optional(z.string()),
  format: z.optional(z.enum(['json', 'yaml'])),
});

/** An export as it came, or its text in `data` where `options.format` says how it is written. */
export const ImportRequest = z.looseObject({
  data: z.optional(z.union([z.looseObject({}), z.string()])),
  metadata: z.optional(z.looseObject({})),
  options: z.optional(ImportOptions),
});

/** What an import did with one thing. */
export const ImportAction = z.enum(['created', 'updated', 'skipped', 'error']);

/** What an import did, in sums and one by one. */
export const ImportResult = z.object({
  success: z.boolean(),
  imported: z.int(),
  updated: z.int(),
  skipped: z.int(),
  errors: z.array(z.string()),
  summary: z.object({
    providersImported: z.int(),
    modelsImported: z.int(),
    templatesImported: z.int(),
    conflicts: z.int(),
    errors: z.int(),
  }),
  details: z.array(
    z.object({
      type: z.enum(['provider', 'model', 'template']),
      identifier: z.string(),
      action: ImportAction,
      message: z.string(),
      /** Only of a trial, and only where something would change: those members as they are, without secrets. */
      before: z.optional(z.looseObject({})),
      /** The same members as they would be. */
      after: z.optional(z.looseObject({})),
    }),
  ),
});

/** What an import would meet. */
export const ImportReport = z.object({
  valid: z.boolean(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
  warnings: z.array(z.object({ field: z.string(), message: z.string() })),
  summary: z.object({ providers: z.int(), models: z.int(), templates: z.int(), conflicts: z.int() }),
});

/** What a backup holds. */
export const CreateBackup = z.object({
  includeSystemProviders: z._default(z.boolean(), true),
  includeCredentials: z._default(z.boolean(), false),
  compression: z._default(z.boolean(), true),
  encryption: z._default(z.boolean(), false),
  /** Seals the backup; needed with `encryption` or `includeCredentials`. At least 12 characters. */
  encryptionKey: z.optional(z.string().check(z.minLength(12), z.maxLength(1024))),
});

/** A kept copy of the configuration. */
export const Backup = z.object({
  id: z.string(),
  createdAt: Timestamp,
  createdBy: z.string(),
  /** Bytes as stored. */
  size: z.int(),
  compressed: z.boolean(),
  encrypted: z.boolean(),
  contents: z.object({ providers: z.int(), models: z.int(), templates: z.int(), credentials: z.boolean() }),
});

/** Backups, the newest first. */
export const BackupList = z.object({ backups: z.array(Backup), total: z.int() });
/** Which backups to list: `limit` 1 to 100, default 50. */
export const ListBackups = z.object({ limit: countQuery(100, 50), offset: Offset });

/** Which backup to bring back, and how. */
export const RestoreRequest = z.object({
  backupId: z.string(),
  options: z._default(
    z.object({
      overwriteExisting: z._default(z.boolean(), true),
      validateBeforeRestore: z._default(z.boolean(), true),
      restoreCredentials: z._default(z.boolean(), true),
      decryptionKey: z.optional(z.string()),
      /** Says what would be done and changes nothing. */
      dryRun: z._default(z.boolean(), false),
    }),
    { overwriteExisting: true, validateBeforeRestore: true, restoreCredentials: true, dryRun: false },
  ),
});

/** What `Export` reads. */
export type Export = z.output<typeof Export>;
/** What `ImportResult` reads. */
export type ImportResult = z.output<typeof ImportResult>;
/** What `ImportOptions` reads. */
export type ImportOptions = z.output<typeof ImportOptions>;
/** What `Backup` reads. */
export type Backup = z.output<typeof Backup>;
