import type { Sealer } from '@patchbay/llm/credentials/seal';
import type { Clock } from '@patchbay/llm/model/clock';
import { CompiledQuery, sql, type Kysely, type RawBuilder } from 'kysely';

import { engineOf } from '../migrations/engine.ts';
import type { JsonWithSecrets } from '../records.ts';
import type {
  Changed,
  Changes,
  Inserted,
  Journal,
  NewRow,
  Page,
  PageRequest,
  Removed,
  Repository,
} from '../repository.ts';
import type { Tables } from '../tables/tables.ts';
import { inTransaction } from './in-transaction.ts';
import { canHold, type ColumnValue } from './field.ts';
import { matching, pageQuery } from './page-query.ts';
import { fieldNamed, fieldsOf, toColumns, toRecord, type Resource, type Row } from './resource.ts';
import { sealSecrets } from './sealed-json.ts';

/** What every repository stands on: the store or a transaction in it, and what seals secrets. */
export interface RepositoryParts {
  readonly database: Kysely<Tables>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Is told after each change, so that who watches need not wait for the next look. Says nothing within transactions. */
  readonly written?: () => void;
}

interface Identified {
  readonly id: string;
}

/** Rows read at once when all are: few enough that reading them holds up no call. */
const CHUNK_ROWS = 100;
/** Ids read at once. */
const CHUNK_IDS = 1000;
/** Rows written by one statement, for the same reason. */
const INSERT_ROWS = 100;

/** Adding and reading the rows of one resource. */
export function createJournal<R extends Identified>(parts: RepositoryParts, resource: Resource<R>): Journal<R> {
  return new TableJournal(parts, resource);
}

/** The same, and changing them. */
export function createRepository<R extends Identified & { readonly version: number }>(
  parts: RepositoryParts,
  resource: Resource<R>,
): Repository<R> {
  return new TableRepository(parts, resource);
}

class TableJournal<R extends Identified> implements Journal<R> {
  protected readonly parts: RepositoryParts;
  protected readonly resource: Resource<R>;
  protected readonly table: RawBuilder<unknown>;

  constructor(parts: RepositoryParts, resource: Resource<R>) {
    this.parts = parts;
    this.resource = resource;
    this.table = sql.table(resource.table);
  }

  async get(id: string): Promise<R | undefined> {
    if (!this.canHaveId(id)) return undefined;
    const [row] = await this.run(sql<Row>`select * from ${this.table} where id = ${id}`);
    return row && toRecord(this.resource, row);
  }

  async page(request: PageRequest<R>): Promise<Page<R>> {
    const query = pageQuery(this.resource, request, engineOf(this.parts.database));
    const limit = Math.min(Math.max(request.limit, 1), 1000);
    // One row more tells whether there is a next page.
    const rows = await this.run(sql<Row>`
      select *, ${query.sortValue} as sort_value from ${this.table} where ${query.behind}
      order by ${query.order} limit ${limit + 1} offset ${request.offset ?? 0}`);
    const [counted] = await this.run(sql<Row>`select count(*) as total from ${this.table} where ${query.matches}`);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => toRecord(this.resource, row)),
      total: Number(counted?.['total']),
      ...(rows.length > limit && last !== undefined && { next: query.cursorOf(last) }),
    };
  }

  async all(where?: PageRequest<R>['where']): Promise<readonly R[]> {
    const records: R[] = [];
    const matches = matching(this.resource, where);
    for (let behind = sql`1 = 1`; ;) {
      const rows = await this.run(sql<Row>`
        select * from ${this.table} where ${matches} and ${behind} order by id limit ${CHUNK_ROWS}`);
      for (const row of rows) records.push(toRecord(this.resource, row));
      if (rows.length < CHUNK_ROWS) return records;
      behind = sql`id > ${rows.at(-1)?.['id']}`;
    }
  }

  async insert(row: NewRow<R>): Promise<Inserted<R>> {
    const columns = toColumns(this.resource, await this.sealed(row.id, row));
    const [written] = await this.run(sql<Row>`
      insert into ${this.table} (${sql.join(columns.map(([column]) => sql.ref(column)))})
      values (${sql.join(columns.map(([, value]) => value))}) on conflict do nothing returning *`);
    if (written === undefined) return { kind: 'duplicate' };
    this.parts.written?.();
    return { kind: 'inserted', row: toRecord(this.resource, written) };
  }

  async insertMany(rows: readonly NewRow<R>[]): Promise<number> {
    const added = await inTransaction(this.parts.database, (database) =>
      new TableJournal({ ...this.parts, database }, this.resource).insertAll(rows),
    );
    this.parts.written?.();
    return added;
  }

  private async insertAll(rows: readonly NewRow<R>[]): Promise<number> {
    // One list of columns for all rows; what a row leaves out is null there, which only optional members may be.
    const names = fieldsOf(this.resource).flatMap(([name]) => (name === 'version' ? [] : [name]));
    let added = 0;
    for (let from = 0; from < rows.length; from += INSERT_ROWS) {
      const values = await Promise.all(rows.slice(from, from + INSERT_ROWS).map((row) => this.values(names, row)));
      added += (await this.parts.database.executeQuery(this.insertOf(names, values))).rows.length;
    }
    return added;
  }

  private async values(names: readonly string[], row: NewRow<R>): Promise<readonly ColumnValue[]> {
    const members: Readonly<Record<string, unknown>> = { ...(await this.sealed(row.id, row)) };
    const whole = Object.fromEntries(names.map((name) => [name, members[name]]));
    return toColumns(this.resource, whole).map(([, value]) => value);
  }

  /** Written out here: put together by Kysely, a statement of so many values takes ten times as long. */
  private insertOf(names: readonly string[], rows: readonly (readonly ColumnValue[])[]): CompiledQuery<Row> {
    const postgres = engineOf(this.parts.database) === 'postgres';
    const mark = (index: number): string => (postgres ? `$${index + 1}` : '?');
    const lines = rows.map((row, line) => `(${row.map((_, index) => mark(line * row.length + index)).join(', ')})`);
    const columns = names.map((name) => `"${fieldNamed(this.resource, name).column}"`).join(', ');
    return CompiledQuery.raw(
      `insert into ${this.resource.table} (${columns}) values ${lines.join(', ')} on conflict do nothing returning id`,
      rows.flat(),
    ) as CompiledQuery<Row>;
  }

  /** `members` with the secrets in them sealed for the row with this id. */
  protected async sealed(id: string, members: object): Promise<object> {
    const { table } = this.resource;
    const entries = Object.entries<JsonWithSecrets | undefined>({ ...members }).map(async ([name, value]) => {
      const { column, sealed } = fieldNamed(this.resource, name);
      if (!sealed || value === undefined) return [name, value] as const;
      return [
        name,
        await sealSecrets(this.parts.sealer, value, { table, row: id.toLowerCase(), field: column }),
      ] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  protected canHaveId(id: string): boolean {
    return canHold(fieldNamed(this.resource, 'id'), id);
  }

  protected async run<Found>(query: RawBuilder<Found>): Promise<readonly Found[]> {
    return (await query.execute(this.parts.database)).rows;
  }
}

class TableRepository<R extends Identified & { readonly version: number }>
  extends TableJournal<R>
  implements Repository<R>
{
  async update(id: string, changes: Changes<R>, expected?: number): Promise<Changed<R>> {
    if (!this.canHaveId(id)) return { kind: 'missing' };
    const timed = 'updatedAtMs' in this.resource.fields ? { updatedAtMs: this.parts.clock.nowMs() } : {};
    const columns = toColumns(this.resource, { ...timed, ...(await this.sealed(id, changes)) });
    const isNew = Object.keys(changes).some((name) => name !== 'updatedAtMs' && !fieldNamed(this.resource, name).note);
    const sets = [
      ...columns.map(([column, value]) => sql`${sql.ref(column)} = ${value}`),
      isNew ? sql`version = version + 1` : sql`version = version`,
    ];
    const statement = sql<Row>`
      update ${this.table} set ${sql.join(sets)} where id = ${id} and ${versionIs(expected)} returning *`;
    const rows = await this.unlessDuplicate(statement);
    if (rows === 'duplicate') return { kind: 'duplicate' };
    if (rows[0] !== undefined) {
      this.parts.written?.();
      return { kind: 'changed', row: toRecord(this.resource, rows[0]) };
    }
    return this.missed(id);
  }

  async remove(id: string, expected?: number): Promise<Removed<R>> {
    if (!this.canHaveId(id)) return { kind: 'missing' };
    const gone = await this.run(
      sql<Row>`delete from ${this.table} where id = ${id} and ${versionIs(expected)} returning id`,
    );
    if (gone.length === 0) return this.missed(id);
    this.parts.written?.();
    return { kind: 'removed' };
  }

  async ids(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for (let behind = sql`1 = 1`; ;) {
      const rows = await this.run(sql<Row>`
        select id from ${this.table} where ${behind} order by id limit ${CHUNK_IDS}`);
      for (const { id } of rows) ids.add(String(id));
      if (rows.length < CHUNK_IDS) return ids;
      behind = sql`id > ${rows.at(-1)?.['id']}`;
    }
  }

  async changedSince(sinceMs: number): Promise<readonly R[]> {
    const { column, write } = fieldNamed(this.resource, 'updatedAtMs');
    const at = sql.ref(column);
    const records: R[] = [];
    for (let behind = sql`${at} >= ${write(sinceMs as never)}`; ;) {
      const rows = await this.run(sql<Row>`
        select * from ${this.table} where ${behind} order by ${at}, id limit ${CHUNK_ROWS}`);
      for (const row of rows) records.push(toRecord(this.resource, row));
      if (rows.length < CHUNK_ROWS) return records;
      behind = sql`(${at}, id) > (${rows.at(-1)?.[column]}, ${rows.at(-1)?.['id']})`;
    }
  }

  /** In a transaction behind a savepoint: PostgreSQL takes nothing more in one of which a statement has failed. */
  private async unlessDuplicate(statement: RawBuilder<Row>): Promise<readonly Row[] | 'duplicate'> {
    const { isTransaction } = this.parts.database;
    if (isTransaction) await this.run(sql`savepoint row_change`);
    try {
      const rows = await this.run(statement);
      if (isTransaction) await this.run(sql`release savepoint row_change`);
      return rows;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      if (isTransaction) await this.run(sql`rollback to savepoint row_change`);
      return 'duplicate';
    }
  }

  /** Why no row was met: there is none, or it is of another version. */
  private async missed(id: string): Promise<{ kind: 'missing' } | { kind: 'conflict'; current: R }> {
    const current = await this.get(id);
    return current === undefined ? { kind: 'missing' } : { kind: 'conflict', current };
  }
}

const versionIs = (expected: number | undefined): RawBuilder<unknown> =>
  expected === undefined ? sql`1 = 1` : sql`version = ${expected}`;

/** PostgreSQL has a code for it, SQLite a sentence. */
function isDuplicate(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === '23505' || (typeof message === 'string' && message.startsWith('UNIQUE constraint failed'));
}
