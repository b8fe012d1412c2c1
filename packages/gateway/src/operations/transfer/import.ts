import type { OperationFailure, ValidationError } from '@patchbay/contract';
import type { ImportOptions, ImportResult } from '@patchbay/contract/resources/transfer';

import type { Principal } from '../../identity/principal.ts';
import { done, refused, type Answer, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { creatorOf } from '../providers/new-provider.ts';
import { serveNow } from '../serve-now.ts';
import { importResult, trialResult, type ImportedThing } from './import-result.ts';
import { openDocument } from './open-secrets.ts';
import { planImport, plannedThings, type ImportOrder, type ImportPlan, type Load } from './plan-import.ts';
import type { Resolution } from './plan-provider.ts';
import { readImport, type ImportDocument } from './read-import.ts';
import { ImportRaced, writeImport } from './write-import.ts';

/** Takes an export in: all of it or none. */
export const importDocument =
  (parts: ManagementParts): Handler<'configuration.import'> =>
  async ({ body }, { principal }) => {
    const read = await readImport(body);
    if (!read.ok) return refused({ code: 'IMPORT_ERROR', message: `Nothing was imported: ${read.message}` });
    const passphraseField = 'options.passphrase';
    return runImport(parts, read.document, { options: read.options, principal, withSecrets: true, passphraseField });
  };

/** How a document that was read is brought in. */
export interface ImportRun {
  readonly options: ImportOptions;
  readonly principal: Principal | undefined;
  /** False to keep the secrets that are there, whatever the document holds. */
  readonly withSecrets: boolean;
  /** Where the request says the passphrase. */
  readonly passphraseField: string;
}

/** Checks a document, plans it against what is there, and writes it in one transaction. */
export async function runImport(
  parts: ManagementParts,
  document: ImportDocument,
  { options, principal, withSecrets, passphraseField }: ImportRun,
): Promise<Answer<ImportResult>> {
  const isTrial = options.validateOnly || options.dryRun;
  if (document.errors.length > 0)
    return isTrial ? done(trialOf([], document.errors)) : refused(flawed(document.errors));
  const opened = await openDocument(document, { passphrase: options.passphrase, leaveOut: !withSecrets });
  if (!opened.ok) {
    const message = `Nothing was imported: ${opened.message}`;
    return refused({ code: 'IMPORT_ERROR', message, ...(opened.isPassphrase && { field: passphraseField }) });
  }
  const load: Load = {
    providers: opened.providers,
    models: options.importModels ? document.models : [],
    templates: options.importTemplates ? document.templates : [],
  };
  const order = orderOf(options, principal);
  if (isTrial) {
    const plan = await planImport(parts, parts.rows, load, order);
    return done(trialOf(await plannedThings(parts.rows, plan, order), plan.errors));
  }
  const outcome = await write(parts, load, order);
  if (!outcome.ok) return outcome;
  await serveNow(parts);
  const result = importResult(outcome.value);
  return done(result, { resource: 'configuration', after: result.summary });
}

function orderOf(options: ImportOptions, principal: Principal | undefined): ImportOrder {
  const { conflictResolution, overwriteExisting, skipValidation } = options;
  const asked: Resolution = conflictResolution === 'overwrite' ? 'replace' : conflictResolution;
  return {
    resolution: overwriteExisting === true ? 'replace' : asked,
    createdBy: creatorOf(principal),
    skipValidation,
  };
}

/** What is wrong is told as if it were done, so that a trial can be read like an import. */
function trialOf(things: readonly ImportedThing[], errors: readonly ValidationError[]): ImportResult {
  const result = trialResult(things);
  const sentences = errors.map(({ field, message }) => `${field}: ${message}`);
  return {
    ...result,
    success: errors.length === 0,
    errors: sentences,
    summary: { ...result.summary, errors: errors.length },
  };
}

const flawed = (errors: readonly ValidationError[]): OperationFailure => ({
  code: 'IMPORT_ERROR',
  message: `Nothing was imported. ${errors
    .slice(0, SAID_ERRORS)
    .map(({ field, message }) => `${field}: ${message}`)
    .join(' ')}`,
  ...(errors[0] && { field: errors[0].field }),
  validationErrors: errors.slice(0, LISTED_ERRORS),
});

/** A document may be wrong in every line; an answer that says so need not be as long. */
const SAID_ERRORS = 5;
const LISTED_ERRORS = 100;

/** What became of each thing, or why nothing was done. */
async function write(
  parts: ManagementParts,
  load: Load,
  order: ImportOrder,
): Promise<Answer<readonly ImportedThing[]>> {
  try {
    return await parts.rows.transaction(async (rows) => {
      const plan: ImportPlan = await planImport(parts, rows, load, order);
      return plan.errors.length > 0 ? refused(flawed(plan.errors)) : done(await writeImport(parts, rows, plan, order));
    });
  } catch (error) {
    if (error instanceof ImportRaced) return refused(RACED);
    throw error;
  }
}

const RACED: OperationFailure = {
  code: 'CONFLICT',
  message: 'Nothing was imported: somebody else changed the same things at the same time. Import again.',
};

/** What an import would meet, without importing. */
export const validateImport =
  (parts: ManagementParts): Handler<'configuration.validateImport'> =>
  async ({ body }, { principal }) => {
    const read = await readImport(body);
    if (!read.ok) return refused({ code: 'IMPORT_ERROR', message: read.message });
    const { document, options } = read;
    const counts = {
      providers: document.providers.length,
      models: document.models.length,
      templates: document.templates.length,
    };
    // Whether a passphrase is right is seen when it is used; here, only what is there is compared.
    const opened = await openDocument(document, { passphrase: undefined, leaveOut: true });
    const load = { ...document, providers: opened.ok ? opened.providers : [] };
    const order = orderOf(options, principal);
    const plan = await planImport(parts, parts.rows, load, order);
    const errors = [...document.errors, ...plan.errors].map(({ field, message }) => ({ field, message }));
    const warnings = plan.providers.flatMap(({ thing: { identifier, message, action } }) =>
      action === 'created' && message.includes('before it can be called') ? [{ field: identifier, message }] : [],
    );
    const things = await plannedThings(parts.rows, plan, order);
    const conflicts = things.filter(({ conflict }) => conflict).length;
    return done({ valid: errors.length === 0, errors, warnings, summary: { ...counts, conflicts } });
  };
