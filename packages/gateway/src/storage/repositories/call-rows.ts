import type { SqliteFrame } from '../drivers/sqlite-messages.ts';
import type { RequestLogTable } from '../tables/tables.ts';

type Row = Omit<RequestLogTable, 'id'>;

/** One row of the log of calls, in the order of `COLUMNS`, which a test holds against the table. */
export type CallValues = readonly Row[keyof Row][];

/** The columns in their order, with what PostgreSQL must know of lists of their values. */
const COLUMNS = {
  request_id: 'text',
  call_id: 'text',
  attempt: 'bigint',
  started_at_ms: 'bigint',
  key_id: 'text',
  client_format: 'text',
  route: 'text',
  requested_model: 'text',
  provider_id: 'text',
  account_id: 'text',
  model: 'text',
  stream: 'bigint',
  express: 'bigint',
  state: 'text',
  http_status: 'bigint',
  upstream_status: 'bigint',
  failure_kind: 'text',
  failure_phase: 'text',
  error_message: 'text',
  latency_ms: 'bigint',
  first_token_ms: 'bigint',
  duration_ms: 'bigint',
  input_tokens: 'bigint',
  output_tokens: 'bigint',
  cache_read_tokens: 'bigint',
  cache_write_tokens: 'bigint',
  reasoning_tokens: 'bigint',
  usage_estimated: 'bigint',
  losses: 'text',
  cost_nano_usd: 'bigint',
  retry_count: 'bigint',
  switched_from_account_id: 'text',
  proxy_id: 'bigint',
  registry_version: 'bigint',
} as const satisfies Readonly<Record<keyof Row, 'text' | 'bigint'>>;

const INTO = `INSERT INTO request_logs (${Object.keys(COLUMNS).join(', ')})`;
/** A batch whose answer was lost is written again, so rows that are there already are passed over. */
const PASS_OVER = 'ON CONFLICT (call_id, attempt) DO NOTHING';
const INSERT_ROW = `${INTO} VALUES (${Object.keys(COLUMNS)
  .map(() => '?')
  .join(', ')}) ${PASS_OVER}`;
const INSERT_LISTS = `${INTO} SELECT * FROM unnest(${Object.values(COLUMNS)
  .map((type, index) => `$${index + 1}::${type}[]`)
  .join(', ')}) ${PASS_OVER}`;

/** Around many rows: their sums by hour and day are added once for all of them, see the migration of the days. */
const ADDED_ONCE: SqliteFrame = {
  before: 'INSERT INTO usage_batches SELECT coalesce(max(id), 0) FROM request_logs',
  after: 'DELETE FROM usage_batches',
};

/** Writes calls to the embedded store: one statement for many rows, in one transaction. */
export const writeRows =
  (batch: (sql: string, rows: readonly CallValues[], frame: SqliteFrame) => Promise<void>) =>
  (rows: readonly CallValues[]): Promise<void> =>
    batch(INSERT_ROW, rows, ADDED_ONCE);

/** Writes calls to PostgreSQL: one statement with a list for each column. */
export const writeLists =
  (run: (sql: string, lists: readonly unknown[]) => Promise<unknown>) =>
  async (rows: readonly CallValues[]): Promise<void> => {
    const column = (index: number): readonly unknown[] => rows.map((row) => storable(row[index]));
    await run(
      INSERT_LISTS,
      Object.keys(COLUMNS).map((_, index) => column(index)),
    );
  };

/** PostgreSQL has no text with a NUL in it; one that a client sent must not keep the whole batch from being written. */
const storable = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('\0', '') : value);
