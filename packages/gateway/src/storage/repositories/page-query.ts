import { sql, type RawBuilder } from 'kysely';

import type { Engine } from '../migrations/engine.ts';
import type { PageRequest } from '../repository.ts';
import { canHold, type Field } from './field.ts';
import { fieldNamed, type Resource, type Row } from './resource.ts';

type Fragment = RawBuilder<unknown>;

/** Which rows a request asks for, and in which order, in SQL that both databases understand. */
export interface PageQuery {
  /** Whether a row matches at all. */
  readonly matches: Fragment;
  /** The same, and behind the cursor. */
  readonly behind: Fragment;
  readonly order: Fragment;
  /** What rows are ordered by, for the cursor. */
  readonly sortValue: Fragment;
  /** The cursor behind this row, which must have been read with `sortValue` as `sort_value`. */
  cursorOf(row: Row): string;
}

/** Throws a `RangeError` for a member that cannot be ordered by, and for a cursor of another order. */
export function pageQuery<R extends { readonly id: string }>(
  resource: Resource<R>,
  request: PageRequest<R>,
  engine: Engine,
): PageQuery {
  const { sortBy = resource.sortable[0] ?? 'id', sortOrder = 'asc' } = request;
  if (sortBy !== 'id' && !resource.sortable.includes(sortBy))
    throw new RangeError(`${resource.table} cannot be ordered by ${sortBy}.`);
  const sortValue = sortExpression(fieldNamed(resource, sortBy), engine);
  const matches = all([
    ...equalities(resource, request.where ?? {}),
    ...bounds(resource, request),
    ...holdings(resource, request, engine),
    search(resource, request),
  ]);
  const direction = sql.raw(sortOrder);
  return {
    matches,
    behind:
      request.after === undefined
        ? matches
        : all([matches, behind(sortValue, `${sortBy} ${sortOrder}`, request.after)]),
    order: sql`${unindexed(request, engine)}${sortValue} ${direction}, id ${direction}`,
    sortValue,
    cursorOf: (row) => writeCursor(`${sortBy} ${sortOrder}`, row),
  };
}

/** The condition that members have the given values. */
export const matching = <R>(resource: Resource<R>, where: PageRequest<R>['where']): RawBuilder<unknown> =>
  all(equalities(resource, where ?? {}));

const all = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? sql`1 = 1` : sql`(${sql.join([...conditions], sql` and `)})`;

function equalities<R>(resource: Resource<R>, where: object): readonly Fragment[] {
  return Object.entries(where).flatMap(([name, wanted]) => {
    if (wanted === undefined) return [];
    const field = fieldNamed(resource, name);
    const values = (Array.isArray(wanted) ? wanted : [wanted]).filter((value) => canHold(field, value));
    if (values.length === 0) return [sql`1 = 0`];
    return [sql`${sql.ref(field.column)} in (${sql.join(values.map((value) => field.write(value as never)))})`];
  });
}

function bounds<R>(resource: Resource<R>, { between = {} }: PageRequest<R>): readonly Fragment[] {
  return Object.entries<{ least?: unknown; most?: unknown } | undefined>(between).flatMap(([name, range]) => {
    const field = fieldNamed(resource, name);
    const column = sql.ref(field.column);
    return [
      ...(range?.least === undefined ? [] : [sql`${column} >= ${field.write(range.least as never)}`]),
      ...(range?.most === undefined ? [] : [sql`${column} <= ${field.write(range.most as never)}`]),
    ];
  });
}

function holdings<R>(resource: Resource<R>, { holds = {} }: PageRequest<R>, engine: Engine): readonly Fragment[] {
  return Object.entries<readonly string[] | undefined>(holds).flatMap(([name, members = []]) => {
    const column = sql.ref(fieldNamed(resource, name).column);
    return members.map((member) =>
      engine === 'postgres'
        ? sql`${column} -> cast(${member} as text) = 'true'::jsonb`
        : sql`json_extract(${column}, ${`$.${JSON.stringify(member)}`}) = 1`,
    );
  });
}

function search<R>(resource: Resource<R>, request: PageRequest<R>): Fragment {
  if (request.search === undefined || request.search === '' || resource.searched.length === 0) return sql`1 = 1`;
  const pattern = `%${request.search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const columns = resource.searched.map((name) => sql.ref(fieldNamed(resource, name).column));
  const hits = columns.map((column) => sql`lower(${column}) like ${pattern} escape '\\'`);
  return sql`(${sql.join(hits, sql` or `)})`;
}

/** Text without regard to letter case and, on both databases, by its bytes; a time that is absent comes before all. */
function sortExpression({ column, kind, optional }: Field<never>, engine: Engine): Fragment {
  const ref = sql.ref(column);
  // An expression would hide the column from its index.
  if (kind === 'time' && optional === true) return sql`coalesce(${ref}, '1970-01-01T00:00:00.000Z')`;
  if (kind !== 'text') return ref;
  return engine === 'postgres' ? sql`lower(${ref}) collate "C"` : sql`lower(${ref})`;
}

/** SQLite would look each row up in the order of the list, however few match; what is searched is better read as it lies. */
const unindexed = <R>({ search: text }: PageRequest<R>, engine: Engine): Fragment =>
  sql.raw(engine === 'sqlite' && text !== undefined && text !== '' ? '+' : '');

const writeCursor = (order: string, row: Row): string =>
  Buffer.from(JSON.stringify([order, row['sort_value'], row['id']])).toString('base64url');

function behind(sortValue: Fragment, order: string, cursor: string): Fragment {
  const [of, value, id] = readCursor(cursor);
  if (of !== order || (typeof value !== 'string' && typeof value !== 'number') || typeof id !== 'string')
    throw new RangeError('The cursor is none of this list and order.');
  return order.endsWith('desc')
    ? sql`(${sortValue}, id) < (${value}, ${id})`
    : sql`(${sortValue}, id) > (${value}, ${id})`;
}

function readCursor(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
