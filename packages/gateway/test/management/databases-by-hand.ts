import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import pg from 'pg';

import { newDatabase, skipPostgres } from '../storage/engines.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';

/** A row as a database answers it. */
export type Row = Readonly<Record<string, unknown>>;

/** The database of a gateway, as its operator looks into it. */
export interface ByHand {
  readonly environment: Readonly<Record<string, string>>;
  /** Looks at the database of a process that runs. */
  query(gateway: GatewayProcess, sql: string): Promise<readonly Row[]>;
  /** An hour ago, and a member of a JSON column, in the words of the database. */
  readonly hourAgo: string;
  readonly member: (column: string, name: string) => string;
  drop(): Promise<void>;
}

const sqlite = (): Promise<ByHand> =>
  Promise.resolve({
    environment: {},
    query: ({ dataDir }, sql) => {
      const database = new DatabaseSync(path.join(dataDir, 'patchbay.db'), { timeout: 5000 });
      const rows = database.prepare(sql).all();
      database.close();
      return Promise.resolve(rows);
    },
    hourAgo: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')`,
    member: (column, name) => `JSON_EXTRACT(${column}, '$.${name}')`,
    drop: () => Promise.resolve(),
  });

const postgres = async (): Promise<ByHand> => {
  const { url, drop } = await newDatabase();
  return {
    environment: { DATABASE_URL: url },
    query: async (_, sql) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<Row>(sql);
      await client.end();
      return rows;
    },
    hourAgo: `now() - interval '1 hour'`,
    member: (column, name) => `${column}->>'${name}'`,
    drop,
  };
};

/** Both databases, for suites that start a process on each. */
export const BY_HAND = [
  { name: 'SQLite', skip: false, open: sqlite },
  { name: 'PostgreSQL', skip: skipPostgres, open: postgres },
] as const;
