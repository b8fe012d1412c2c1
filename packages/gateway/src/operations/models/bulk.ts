import { readInput, type OperationFailure } from '@patchbay/contract';
import { CreateModel, UpdateModel } from '@patchbay/contract/resources/model';

import type { ModelRecord } from '../../storage/records.ts';
import { done, type Change, type Handler } from '../handler.ts';
import type { ManagementParts } from '../ports.ts';
import { invalid } from '../providers/check-provider.ts';
import { findProvider, providerNotFound } from '../providers/find-provider.ts';
import { serveNow } from '../serve-now.ts';
import { findModel, modelNotFound } from './find-model.ts';
import { showModel } from './show-model.ts';
import { addModel, changeModel, newModel } from './write-model.ts';

interface Item {
  readonly id?: string | undefined;
  readonly providerId?: string | undefined;
  readonly [member: string]: unknown;
}

type Fate =
  | { readonly ok: true; readonly before?: ModelRecord; readonly after?: ModelRecord }
  | { readonly ok: false; readonly failure: OperationFailure };
type Step = (parts: ManagementParts, item: Item) => Promise<Fate>;
type Operation = Parameters<Handler<'models.bulk'>>[0]['body']['operation'];

/** Does the same to several models; each by itself, so that one that fails keeps none of the others. */
export const bulkModels =
  (parts: ManagementParts): Handler<'models.bulk'> =>
  async ({ body: { operation, models } }) => {
    const fates: Fate[] = [];
    for (const item of models) fates.push(await STEPS[operation](parts, item));
    await serveNow(parts);
    const results = fates.map((fate, index) => resultOf(fate, models[index] ?? {}));
    const succeeded = results.filter(({ ok }) => ok).length;
    const failed = results.length - succeeded;
    return done(
      { success: failed === 0, results, summary: { total: results.length, succeeded, failed } },
      ...fates.flatMap(changeOf),
    );
  };

const create: Step = async (parts, { providerId = '', ...item }) => {
  const read = readInput(CreateModel, item);
  if (!read.ok) return { ok: false, failure: invalid(read.errors) };
  const provider = await findProvider(parts.rows, providerId);
  if (provider === undefined) return { ok: false, failure: providerNotFound(providerId) };
  const model = newModel(parts, provider, read.value);
  const added = await parts.rows.transaction((rows) => addModel(rows, provider, model));
  return added.ok ? { ok: true, after: added.row } : added;
};

const update: Step = async (parts, { id = '', ...item }) => {
  const read = readInput(UpdateModel, item);
  if (!read.ok) return { ok: false, failure: invalid(read.errors) };
  return parts.rows.transaction((rows) => changeModel(rows, id, read.value));
};

const remove: Step = async ({ rows }, { id = '' }) => {
  const before = await findModel(rows, id);
  const removed = before && (await rows.models.remove(before.id));
  return before !== undefined && removed?.kind === 'removed'
    ? { ok: true, before }
    : { ok: false, failure: modelNotFound(id) };
};

const switchTo =
  (status: 'active' | 'inactive'): Step =>
  (parts, { id = '' }) =>
    parts.rows.transaction((rows) => changeModel(rows, id, { status }));

const STEPS: Readonly<Record<Operation, Step>> = {
  create,
  update,
  delete: remove,
  activate: switchTo('active'),
  deactivate: switchTo('inactive'),
};

function resultOf(fate: Fate, item: Item) {
  const row = fate.ok ? (fate.after ?? fate.before) : undefined;
  const identifier = row?.identifier ?? item['identifier'];
  const id = row?.id ?? item.id;
  return {
    ...(id !== undefined && { id }),
    ...(typeof identifier === 'string' && { identifier }),
    ok: fate.ok,
    ...(!fate.ok && { error: fate.failure.message }),
  };
}

function changeOf(fate: Fate): readonly Change[] {
  const row = fate.ok ? (fate.after ?? fate.before) : undefined;
  if (!fate.ok || row === undefined) return [];
  return [
    {
      resource: 'model',
      resourceId: row.id,
      ...(fate.before && { before: showModel(fate.before) }),
      ...(fate.after && { after: showModel(fate.after) }),
    },
  ];
}
