import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import pg from 'pg';

import type { PoolUse } from './open-database.ts';
import { failureOf, StorageUnavailable } from './storage-unavailable.ts';

/** How PostgreSQL is reached. */
export interface PostgresParts {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Most connections. Default 10. */
  readonly connectionsMax?: number;
  /** Longest wait for a connection, in milliseconds. Default 1,200: with one statement's limit less than 3 s. */
  readonly connectMs?: number;
  /** Longest statement, in milliseconds. Default 1,500; 0 for none. */
  readonly statementMs?: number;
  /** Is given what tells how the connections are used. */
  readonly onPool?: (use: PoolUse) => void;
}

/** The name by which `pg_stat_activity` knows us. */
const APPLICATION = 'patchbay';
const { builtins } = pg.types;

/** How columns are read: as the embedded store has them, so that both have the same rows. */
const READERS: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: Number,
  [builtins.NUMERIC]: Number,
  [builtins.BOOL]: (text) => Number(text === 't'),
  [builtins.TIMESTAMPTZ]: (text) => new Date(text).toISOString(),
  [builtins.JSON]: (text) => text,
  [builtins.JSONB]: (text) => text,
};

/** What a client or pool is made with. */
export const connectionOf = ({ url, connectMs = 1200, statementMs = 1500 }: PostgresParts): pg.ClientConfig => ({
  connectionString: url,
  application_name: APPLICATION,
  connectionTimeoutMillis: connectMs,
  keepAlive: true,
  ...(statementMs > 0 && {
    // The server gives up by itself; the driver's own limit is for one that does not even do that.
    statement_timeout: statementMs,
    query_timeout: statementMs + 100,
    idle_in_transaction_session_timeout: 60_000,
  }),
  types: { getTypeParser: (oid: number, format) => READERS[oid] ?? pg.types.getTypeParser(oid, format as 'text') },
});

/** Kysely over a pool of connections. Whatever is asked rejects with `StorageUnavailable` where no server answers. */
export const postgresDialect = (parts: PostgresParts): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PostgresDriver(parts),
  createIntrospector: (database) => new PostgresIntrospector(database),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

class PostgresDriver implements Driver {
  readonly #pool: pg.Pool;

  constructor(parts: PostgresParts) {
    const max = parts.connectionsMax ?? 10;
    const pool = new pg.Pool({ ...connectionOf(parts), max });
    this.#pool = pool;
    parts.onPool?.(() => ({ open: pool.totalCount, waiting: pool.waitingCount, max }));
    // An idle connection that ends is replaced when one is needed; unheard, its error would end the process.
    this.#pool.on('error', () => undefined);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<PostgresConnection> {
    try {
      return new PostgresConnection(await this.#pool.connect());
    } catch (error) {
      throw failureOf(error);
    }
  }

  releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
    return Promise.resolve();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    // A transaction in which a statement failed is taken back, and its commit says so by this word alone.
    if ((await connection.run('commit', [])).command === 'ROLLBACK')
      throw new Error('The transaction was taken back, because one of its statements had failed.');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  destroy(): Promise<void> {
    return this.#pool.end();
  }
}

/** One connection while somebody has it. It is given back to the pool only when it never failed. */
class PostgresConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  #broken: StorageUnavailable | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on('error', this.#onError);
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.run(sql, parameters);
    // The statement's own types are all that Kysely promises of rows, too.
    return { rows: rows as Row[], ...(rowCount !== null && { numAffectedRows: BigInt(rowCount) }) };
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    // The statement that failed may still run: one behind it, such as a rollback, would wait for it as long again.
    if (this.#broken !== undefined) throw this.#broken;
    try {
      const result: pg.QueryResult | readonly pg.QueryResult[] = await this.#client.query(sql, [...parameters]);
      // Several statements in one text give several results, which the driver's types do not say.
      return result instanceof Array ? result[result.length - 1] : result;
    } catch (error) {
      const failure = failureOf(error);
      if (failure instanceof StorageUnavailable) this.#broken = failure;
      throw failure;
    }
  }

  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#broken !== undefined);
  }

  readonly #onError = (error: Error): void => {
    this.#broken ??= new StorageUnavailable(error.message, error);
  };
}
