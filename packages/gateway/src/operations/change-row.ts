import type { OperationFailure } from '@patchbay/contract';

import type { Changes, Repository } from '../storage/repository.ts';

/** Rows that somebody else changes in between are read again this often. */
const TRIES = 5;

/** What shall be changed in a row, or why nothing can be. */
export type Decision<R> =
  | { readonly ok: true; readonly changes: Changes<R> }
  | { readonly ok: false; readonly failure: OperationFailure };

/** What became of a change: the row before and after it, or why there was none. */
export type ChangedRow<R> =
  | { readonly ok: true; readonly before: R; readonly after: R }
  | { readonly ok: false; readonly failure: OperationFailure };

/** Which row to change, and how. */
export interface RowChange<R> {
  readonly row: R;
  /** The version that the client saw; absent when it does not care. */
  readonly expected: number | undefined;
  readonly decide: (row: R) => Promise<Decision<R>> | Decision<R>;
  /** What to say when the row is gone. */
  readonly missing: OperationFailure;
  /** What to say when another row has that name already. Default: as when the row is gone. */
  readonly taken?: OperationFailure;
}

/**
 * Changes a row by a decision that was made on exactly the version that is changed, so that of two who change it at once
 * neither overwrites the other unseen: with `expected` the slower one is told, without it the decision is made again.
 */
export async function changeRow<R extends { readonly id: string; readonly version: number }>(
  repository: Repository<R>,
  { row, expected, decide, missing, taken = missing }: RowChange<R>,
): Promise<ChangedRow<R>> {
  let current = row;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (expected !== undefined && expected !== current.version) break;
    const decision = await decide(current);
    if (!decision.ok) return decision;
    const changed = await repository.update(current.id, decision.changes, current.version);
    if (changed.kind === 'changed') return { ok: true, before: current, after: changed.row };
    if (changed.kind === 'duplicate') return { ok: false, failure: taken };
    if (changed.kind !== 'conflict') return { ok: false, failure: missing };
    current = changed.current;
  }
  return { ok: false, failure: conflict(current.version) };
}

/** Somebody else was faster. */
export const conflict = (currentVersion: number): OperationFailure => ({
  code: 'CONFLICT',
  message: `Somebody else changed this in the meantime; it is now version ${currentVersion}. Read it again and repeat the change.`,
  field: 'version',
  details: { currentVersion },
});
