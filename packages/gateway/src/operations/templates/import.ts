import { readInput, type ValidationError } from '@patchbay/contract';
import { CreateTemplate } from '@patchbay/contract/resources/template';

import type { Repositories } from '../../storage/ports.ts';
import { done, refused, type Handler } from '../handler.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { creatorOf } from '../providers/new-provider.ts';
import type { TemplateRecord } from '../../storage/records.ts';
import { importResult, statesOf, type ImportedThing } from '../transfer/import-result.ts';
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

/** What is done with one template of a document. */
export interface TemplateStep {
  readonly thing: ImportedThing;
  /** The one of the same name that is changed. */
  readonly changed?: TemplateRecord;
}

/** Decides what to do with a template, by what is there; what has its name already is replaced or left. */
export async function planTemplate(
  { templates }: Pick<Repositories, 'templates'>,
  asked: CreateTemplate,
  { overwriteExisting }: { readonly overwriteExisting: boolean },
): Promise<TemplateStep> {
  const [known] = await templates.all({ name: asked.name });
  const told = { type: 'template', identifier: asked.name, conflict: known !== undefined } as const;
  if (known === undefined) return { thing: { ...told, action: 'created', message: 'Created.' } };
  const left = (message: string): TemplateStep => ({ thing: { ...told, action: 'skipped', message } });
  if (known.isSystem) return left('A built-in template has this name.');
  if (!overwriteExisting) return left('It is there already.');
  const states = statesOf(known, contentOf(asked));
  const message = 'Replaced.';
  return { changed: known, thing: { ...told, action: 'updated', message, states } };
}

/** Writes one template, within a transaction. */
export async function writeTemplate(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  rows: Repositories,
  asked: CreateTemplate,
  { overwriteExisting, createdBy }: { readonly overwriteExisting: boolean; readonly createdBy: string | undefined },
): Promise<ImportedThing> {
  const { thing, changed } = await planTemplate(rows, asked, { overwriteExisting });
  if (thing.action === 'created') await rows.templates.insert(newTemplate(parts, asked, createdBy));
  if (changed !== undefined) await rows.templates.update(changed.id, contentOf(asked));
  return thing;
}

const contentOf = ({ description, category, providerConfig, defaultModels }: CreateTemplate) => ({
  description,
  category,
  providerConfig: jsonOf(providerConfig),
  defaultModels: defaultModels.map(jsonOf),
});
