import { readInput, type ValidationError } from '@patchbay/contract';
import { CreateTemplate } from '@patchbay/contract/resources/template';

import type { Repositories } from '../../storage/ports.ts';
import { done, refused, type Handler } from '../handler.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { creatorOf } from '../providers/new-provider.ts';
import { importResult, type ImportedThing } from '../transfer/import-result.ts';
import { templateProblem } from './check-template.ts';
import { newTemplate } from './new-template.ts';

/** Takes templates from a file: all of them or none. */
export const importTemplates =
  (parts: ManagementParts): Handler<'templates.import'> =>
  async ({ body: { templates, overwriteExisting } }, { principal }) => {
    const read = readTemplates(templates);
    if (!read.ok)
      return refused({
        code: 'IMPORT_ERROR',
        message: `Nothing was imported: ${read.errors.map(({ field, message }) => `${field}: ${message}`).join(' ')}`,
        validationErrors: read.errors,
      });
    const createdBy = creatorOf(principal);
    const things = await parts.rows.transaction(async (rows) => {
      const told: ImportedThing[] = [];
      for (const each of read.templates)
        told.push(await writeTemplate(parts, rows, each, { overwriteExisting, createdBy }));
      return told;
    });
    const result = importResult(things);
    return done(result, { resource: 'templates', after: result.summary });
  };

/** Templates of a document, each checked, or everything that is wrong with them. */
export function readTemplates(
  templates: readonly unknown[],
  at = 'templates',
):
  | { readonly ok: true; readonly templates: readonly CreateTemplate[] }
  | { readonly ok: false; readonly errors: readonly ValidationError[] } {
  const good: CreateTemplate[] = [];
  const errors = templates.flatMap((each, index): readonly ValidationError[] => {
    const read = readInput(CreateTemplate, each);
    const wrong = read.ok ? (templateProblem(read.value)?.validationErrors ?? []) : read.errors;
    if (read.ok) good.push(read.value);
    return wrong.map(({ field, message }) => ({ field: `${at}.${index}.${field}`, message }));
  });
  return errors.length === 0 ? { ok: true, templates: good } : { ok: false, errors };
}

/** Writes one template, within a transaction; what has its name already is replaced or left. */
export async function writeTemplate(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  { templates }: Repositories,
  asked: CreateTemplate,
  { overwriteExisting, createdBy }: { readonly overwriteExisting: boolean; readonly createdBy: string | undefined },
): Promise<ImportedThing> {
  const [known] = await templates.all({ name: asked.name });
  const told = { type: 'template', identifier: asked.name, conflict: known !== undefined } as const;
  if (known === undefined) {
    await templates.insert(newTemplate(parts, asked, createdBy));
    return { ...told, action: 'created', message: 'Created.' };
  }
  if (known.isSystem) return { ...told, action: 'skipped', message: 'A built-in template has this name.' };
  if (!overwriteExisting) return { ...told, action: 'skipped', message: 'It is there already.' };
  await templates.update(known.id, {
    description: asked.description,
    category: asked.category,
    providerConfig: jsonOf(asked.providerConfig),
    defaultModels: asked.defaultModels.map(jsonOf),
  });
  return { ...told, action: 'updated', message: 'Replaced.' };
}
