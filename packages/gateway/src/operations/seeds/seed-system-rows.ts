import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { JsonObject } from '@patchbay/llm/model/json';

import type { Repositories } from '../../storage/ports.ts';
import type { ModelRecord, ProviderRecord } from '../../storage/records.ts';
import { jsonOf } from '../json-of.ts';
import type { ManagementParts } from '../ports.ts';
import { wantedRows, type WantedModel, type WantedProvider, type WantedRows } from './wanted-rows.ts';

/** The setting that remembers what was written last, so that what somebody changed since can be told from it. */
const SETTING_ID = 'system-rows';

interface Remembered {
  readonly digest: string;
  readonly providers: Readonly<Record<string, Pick<WantedProvider, 'row' | 'models'>>>;
}

/**
 * Writes built-in providers and templates, and brings them up to the models of today. What an administrator has changed or
 * removed stays as it is. Resolves to whether anything was written; a second time it costs one look.
 */
export async function seedSystemRows(
  parts: Pick<ManagementParts, 'rows' | 'catalog' | 'clock' | 'newId'>,
): Promise<boolean> {
  const wanted = wantedRows(await parts.catalog(), parts.clock.nowMs());
  const digest = createHash('sha256').update(JSON.stringify(wanted)).digest('hex');
  const seen = await remembered(parts.rows);
  if (seen?.digest === digest) return false;
  await parts.rows.transaction((rows) => write(parts, rows, wanted, digest));
  return true;
}

async function remembered(rows: Pick<Repositories, 'settings'>): Promise<Remembered | undefined> {
  return (await rows.settings.get(SETTING_ID))?.value as Remembered | undefined;
}

async function write(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  rows: Repositories,
  wanted: WantedRows,
  digest: string,
): Promise<void> {
  const before = await remembered(rows);
  for (const each of wanted.templates) await writeTemplate(parts, rows, each);
  for (const each of wanted.providers) await writeProvider(parts, rows, each, before?.providers[each.identifier]);
  const providers = Object.fromEntries(
    wanted.providers.map(({ identifier, row, models }) => [identifier, { row, models }]),
  );
  const value = jsonOf({ digest, providers });
  const nowMs = parts.clock.nowMs();
  const inserted = await rows.settings.insert({ id: SETTING_ID, value, createdAtMs: nowMs, updatedAtMs: nowMs });
  if (inserted.kind === 'duplicate') await rows.settings.update(SETTING_ID, { value });
}

/** Nobody can change a built-in template, so that it is simply replaced. */
async function writeTemplate(
  { clock }: Pick<ManagementParts, 'clock'>,
  { templates }: Repositories,
  wanted: WantedRows['templates'][number],
): Promise<void> {
  const nowMs = clock.nowMs();
  const inserted = await templates.insert({ ...wanted, createdAtMs: nowMs, updatedAtMs: nowMs });
  if (inserted.kind === 'inserted') return;
  const { id, ...members } = wanted;
  const row = await templates.get(id);
  if (row?.isSystem === true) await templates.update(id, outdated(row, members));
}

async function writeProvider(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  rows: Repositories,
  wanted: WantedProvider,
  before: Remembered['providers'][string] | undefined,
): Promise<void> {
  const [row] = await rows.providers.all({ identifier: wanted.identifier });
  // Gone by hand: that was a decision. Somebody's own provider of that name: so was that.
  if (row === undefined ? before !== undefined : !row.isSystem) return;
  if (row === undefined) return addProvider(parts, rows, wanted);
  const changes = untouched(row, wanted.row, before?.row);
  if (Object.keys(changes).length > 0) await rows.providers.update(row.id, changes);
  const known = new Map((await rows.models.all({ providerId: row.id })).map((each) => [each.identifier, each]));
  const names = new Set([...Object.keys(wanted.models), ...Object.keys(before?.models ?? {})]);
  for (const name of names)
    await writeModel(parts, rows, row, {
      name,
      known: known.get(name),
      wanted: wanted.models[name],
      before: before?.models[name],
    });
}

async function addProvider(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  rows: Repositories,
  { id, identifier, row, models, defaultModel }: WantedProvider,
): Promise<void> {
  const times = { createdAtMs: parts.clock.nowMs(), updatedAtMs: parts.clock.nowMs() };
  // Active without a key: nothing is called until somebody adds one, while inactive would switch it off for good.
  await rows.providers.insert({ id, identifier, ...row, status: 'active', isSystem: true, ...times });
  await rows.models.insertMany(
    Object.entries(models).map(([name, model]) => newModel(parts, id, name, model, name === defaultModel)),
  );
}

function newModel(
  { clock, newId }: Pick<ManagementParts, 'clock' | 'newId'>,
  providerId: string,
  identifier: string,
  model: WantedModel,
  isDefault: boolean,
): Omit<ModelRecord, 'version'> {
  const nowMs = clock.nowMs();
  return { id: newId(), providerId, identifier, ...model, isDefault, createdAtMs: nowMs, updatedAtMs: nowMs };
}

interface ModelCase {
  readonly name: string;
  readonly known: ModelRecord | undefined;
  readonly wanted: WantedModel | undefined;
  readonly before: WantedModel | undefined;
}

async function writeModel(
  parts: Pick<ManagementParts, 'clock' | 'newId'>,
  rows: Repositories,
  { id }: ProviderRecord,
  { name, known, wanted, before }: ModelCase,
): Promise<void> {
  if (known === undefined) {
    // One that was there before was removed by somebody.
    if (wanted !== undefined && before === undefined)
      await rows.models.insertMany([newModel(parts, id, name, wanted, false)]);
    return;
  }
  const changes = untouched(known, wanted ?? { status: 'deprecated' }, before);
  if (Object.keys(changes).length > 0) await rows.models.update(known.id, changes);
}

/** What of `wanted` differs from the row, where the row is still as it was written `before`. */
function untouched<R extends object, Wanted extends object>(
  row: R,
  wanted: Wanted,
  before: object | undefined,
): Partial<Wanted> {
  if (before === undefined) return {};
  const was = before as JsonObject;
  const isUntouched = ([name]: readonly [string, unknown]): boolean =>
    isDeepStrictEqual(row[name as keyof R], was[name]);
  return Object.fromEntries(Object.entries(outdated(row, wanted)).filter(isUntouched)) as Partial<Wanted>;
}

/** What of `wanted` differs from the row. */
const outdated = <R extends object, Wanted extends object>(row: R, wanted: Wanted): Partial<Wanted> =>
  Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(row[name as keyof R], value)),
  ) as Partial<Wanted>;
