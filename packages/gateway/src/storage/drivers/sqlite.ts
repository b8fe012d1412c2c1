import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

import { fileFailureOf } from './storage-unavailable.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** Kysely over the database thread. There is one connection; transactions wait for each other. */
export const sqliteDialect = (thread: SqliteThread): Dialect => ({
  createAdapter: () => new TransactionalAdapter(),
  createDriver: () => new SqliteDriver(thread),
  createIntrospector: (database) => new SqliteIntrospector(database),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** SQLite takes changes of tables back like any other; Kysely's own adapter asks it to make them one by one. */
class TransactionalAdapter extends SqliteAdapter {
  // A process that is killed, or another that starts at the same time, must never meet half a migration.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;

  constructor(thread: SqliteThread) {
    this.#connection = new SqliteConnection(thread);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  /** The adapter says that there is one connection, so Kysely lets whoever wants it wait for whoever has it. */
  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('BEGIN IMMEDIATE'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('COMMIT'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('ROLLBACK'));
  }

  /** The thread belongs to whoever opened the store. */
  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes, insertId } = await this.#thread.query(sql, parameters).catch((error: unknown) => {
      throw fileFailureOf(error);
    });
    return {
      // The statement's own types are all that Kysely promises of rows, too.
      rows: rows as Row[],
      ...(changes !== undefined && { numAffectedRows: changes }),
      ...(insertId !== undefined && { insertId }),
    };
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }
}
