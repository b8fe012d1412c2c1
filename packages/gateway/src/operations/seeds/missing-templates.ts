import type { ManagementParts } from '../ports.ts';
import { wantedRows, type WantedRows } from './wanted-rows.ts';

type Parts = Pick<ManagementParts, 'rows' | 'catalog' | 'clock'>;
type Wanted = WantedRows['templates'][number];

/** Built-in templates that the store does not have: nobody can remove them but by hand. */
async function missing({ rows, catalog, clock }: Parts): Promise<readonly Wanted[]> {
  const there = await rows.templates.ids();
  return wantedRows(await catalog(), clock.nowMs()).templates.filter(({ id }) => !there.has(id));
}

/** Ids of built-in templates that the store does not have. */
export const missingTemplates = async (parts: Parts): Promise<readonly string[]> =>
  (await missing(parts)).map(({ id }) => id);

/** Writes them; those that are there stay as they are. */
export async function restoreTemplates(parts: Parts): Promise<void> {
  const nowMs = parts.clock.nowMs();
  const rows = (await missing(parts)).map((each) => ({ ...each, createdAtMs: nowMs, updatedAtMs: nowMs }));
  await parts.rows.templates.insertMany(rows);
}
