import { isDeepStrictEqual } from 'node:util';

import type { Seen } from './row-mirror.ts';

/** What became of one row between two versions. Names and members only: no value of it. */
export interface RowChange {
  readonly table: 'providers' | 'models' | 'accounts';
  /** What the row is about, as people know it. */
  readonly subject: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Members that are other than before; empty for rows that came or went. */
  readonly fields: readonly string[];
}

/** One version with what made it other than the one before. */
export interface VersionEntry {
  readonly version: number;
  /** When it was taken up, in milliseconds since 1970. */
  readonly atMs: number;
  readonly changes: readonly RowChange[];
  /** Changes that are not told, because they are too many. */
  readonly omitted: number;
}

/** Versions that are remembered; older ones are forgotten. */
const VERSIONS_MAX = 100;
/** Changes that are told of one version: an import changes thousands of rows at once. */
const CHANGES_MAX = 50;
/** Members that every change moves. */
const ALWAYS = new Set(['version', 'updatedAtMs']);

/** Rows of one table as a look found them, with what they are called. */
export interface TableLook<R extends { readonly id: string }> {
  readonly table: RowChange['table'];
  readonly seen: Pick<Seen<R>, 'changed' | 'gone' | 'before'>;
  readonly subjectOf: (row: R) => string;
}

/** What a look found, told row by row and bounded; ask before the look is accepted. */
export function changesOf<R extends { readonly id: string }>({ table, seen, subjectOf }: TableLook<R>): ToldChanges {
  const room = CHANGES_MAX;
  const changed = seen.changed.slice(0, room).map((row): RowChange => {
    const before = seen.before(row.id);
    const told = { table, subject: subjectOf(row) };
    return before === undefined
      ? { ...told, change: 'added', fields: [] }
      : { ...told, change: 'changed', fields: differing(before, row) };
  });
  const gone = seen.gone
    .slice(0, room)
    .map((row): RowChange => ({ table, subject: subjectOf(row), change: 'removed', fields: [] }));
  return { changes: [...changed, ...gone], total: seen.changed.length + seen.gone.length };
}

/** Changes of one table. */
export interface ToldChanges {
  readonly changes: readonly RowChange[];
  /** With those that are not told. */
  readonly total: number;
}

const differing = (before: object, after: object): readonly string[] => {
  const old = before as Readonly<Record<string, unknown>>;
  const fresh = after as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (name) => !ALWAYS.has(name) && !isDeepStrictEqual(old[name], fresh[name]),
  );
};

const NOTHING: ToldChanges = { changes: [], total: 0 };

/** The last versions of the registry, the newest first: what each changed. Kept in memory, from the start of the process. */
export class VersionBook {
  #entries: readonly VersionEntry[] = [];
  /** What was noted since the last version. */
  #pending: ToldChanges = NOTHING;

  /** Changes that the next version will bear; not every look leads to one. */
  note({ changes, total }: ToldChanges): void {
    const all = [...this.#pending.changes, ...changes].slice(0, CHANGES_MAX);
    this.#pending = { changes: all, total: this.#pending.total + total };
  }

  add(version: number, atMs: number): void {
    const { changes, total } = this.#pending;
    const entry = { version, atMs, changes, omitted: total - changes.length };
    this.#entries = [entry, ...this.#entries].slice(0, VERSIONS_MAX);
    this.#pending = NOTHING;
  }

  entries(): readonly VersionEntry[] {
    return this.#entries;
  }
}
