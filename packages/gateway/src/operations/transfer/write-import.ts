import type { Repositories } from '../../storage/ports.ts';
import type { ModelRecord } from '../../storage/records.ts';
import type { Changes, NewRow } from '../../storage/repository.ts';
import { endOtherDefaults } from '../models/write-model.ts';
import type { ManagementParts } from '../ports.ts';
import { writeTemplate } from '../templates/import.ts';
import type { ImportedThing } from './import-result.ts';
import type { ImportOrder, ImportPlan } from './plan-import.ts';

/** Somebody else made or changed one of the rows while they were being written. */
export class ImportRaced extends Error {}

/** Does what was planned, within the transaction in which it was planned. Rejects with `ImportRaced` to undo it all. */
export async function writeImport(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  rows: Repositories,
  plan: ImportPlan,
  { resolution, createdBy }: ImportOrder,
): Promise<readonly ImportedThing[]> {
  const addedProviders = plan.providers.flatMap(({ add }) => add ?? []);
  await insertAll(rows.providers, addedProviders);
  for (const { target, change } of plan.providers) if (change) await updateOne(rows.providers, target, change);
  const addedModels = plan.models.flatMap(({ add }) => add ?? []);
  await insertAll(rows.models, addedModels);
  for (const { change } of plan.models) if (change) await updateOne(rows.models, change.row, change.changes);
  const present = new Set(addedProviders.map(({ id }) => id));
  for (const model of newDefaults(plan)) if (!present.has(model.providerId)) await endOtherDefaults(rows, model);
  const templates: ImportedThing[] = [];
  for (const each of plan.templates)
    templates.push(await writeTemplate(parts, rows, each, { overwriteExisting: resolution !== 'skip', createdBy }));
  return [...plan.providers.map(({ thing }) => thing), ...plan.models.map(({ thing }) => thing), ...templates];
}

const newDefaults = ({ models }: ImportPlan): readonly Pick<ModelRecord, 'id' | 'providerId'>[] =>
  models.flatMap(({ add, change }) => {
    if (add?.isDefault === true) return [add];
    return change?.changes.isDefault === true ? [change.row] : [];
  });

async function insertAll<R extends { readonly id: string }>(
  into: { insertMany(rows: readonly NewRow<R>[]): Promise<number> },
  rows: readonly NewRow<R>[],
): Promise<void> {
  if (rows.length > 0 && (await into.insertMany(rows)) !== rows.length) throw new ImportRaced();
}

async function updateOne<R extends { readonly id: string; readonly version: number }>(
  into: { update(id: string, changes: Changes<R>, expected?: number): Promise<{ readonly kind: string }> },
  { id, version }: R,
  changes: Changes<R>,
): Promise<void> {
  if ((await into.update(id, changes, version)).kind !== 'changed') throw new ImportRaced();
}
