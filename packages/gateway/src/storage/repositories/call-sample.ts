import { sql, type Kysely, type RawBuilder } from 'kysely';

import type { Tables } from '../tables/tables.ts';
import { idsOfTime, type IdRange } from './call-reader.ts';

/** What figures need of an attempt. */
export interface SampledAttempt {
  readonly callId: string;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly keyId: string | undefined;
  readonly requestedModel: string;
  readonly providerId: string | undefined;
  readonly accountId: string | undefined;
  readonly model: string | undefined;
  readonly state: string;
  readonly httpStatus: number;
  readonly firstTokenMs: number | undefined;
  readonly durationMs: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanoUsd: number;
}

/** Attempts of a time. */
export interface CallSample {
  /** Those of a call lie beside one another, the first one first. */
  readonly attempts: readonly SampledAttempt[];
  /** How many attempts each of these stands for: 1 where all were read. */
  readonly weight: number;
}

/** Reads attempts that began from `fromMs` to before `toMs`: all, or about 20,000 spread evenly over them. */
export interface CallSampler {
  sample(range: { readonly fromMs: number; readonly toMs: number }): Promise<CallSample>;
}

/** Rows that are read at most, of how many places of the log, and of how many with one statement. */
const ROWS_MAX = 20_000;
const PLACES = 200;
const PLACES_A_STATEMENT = 25;
const ROWS_A_PLACE = ROWS_MAX / PLACES;
/** A call is written when it ends: hardly any lasts longer, in milliseconds. */
const DISORDER_MS = 1_800_000;

const COLUMNS = [
  'call_id',
  'attempt',
  'started_at_ms',
  'key_id',
  'requested_model',
  'provider_id',
  'account_id',
  'model',
  'state',
  'http_status',
  'first_token_ms',
  'duration_ms',
  'input_tokens',
  'output_tokens',
  'cost_nano_usd',
].map((column) => sql.ref(column));

type Row = Readonly<Record<string, string | number | null>>;

/** Makes a sampler of a store's log. */
export const createCallSampler = (database: Kysely<Tables>): CallSampler => ({
  async sample(range) {
    const ids = await idsOfTime(database, range, DISORDER_MS);
    const count = ids.to - ids.from;
    const places = count <= ROWS_MAX ? [{ ...ids, rows: ROWS_MAX }] : spread(ids);
    const statements = Array.from({ length: Math.ceil(places.length / PLACES_A_STATEMENT) }, (_, at) =>
      places.slice(at * PLACES_A_STATEMENT, (at + 1) * PLACES_A_STATEMENT),
    );
    const found: Row[] = [];
    // One after the other: what else waits for the database gets its turn between them.
    // oxlint-disable-next-line no-await-in-loop
    for (const some of statements) found.push(...(await read(database, some)));
    const attempts = found.map(attemptOf).filter(({ startedAtMs: at }) => at >= range.fromMs && at < range.toMs);
    return { attempts, weight: found.length === 0 ? 1 : Math.max(1, count / found.length) };
  },
});

interface Place extends IdRange {
  readonly rows: number;
}

const spread = ({ from, to }: IdRange): readonly Place[] =>
  Array.from({ length: PLACES }, (_, at) => ({
    from: from + Math.floor(((to - from) * at) / PLACES),
    to: from + Math.floor(((to - from) * (at + 1)) / PLACES),
    rows: ROWS_A_PLACE,
  }));

async function read(database: Kysely<Tables>, places: readonly Place[]): Promise<readonly Row[]> {
  const parts = places.map(
    ({ from, to, rows }): RawBuilder<unknown> => sql`
      select * from (select ${sql.join(COLUMNS)} from request_logs where id >= ${from} and id < ${to}
      order by id limit ${rows}) as place`,
  );
  return (await sql<Row>`${sql.join(parts, sql` union all `)}`.execute(database)).rows;
}

const attemptOf = (row: Row): SampledAttempt => ({
  callId: String(row['call_id']),
  attempt: Number(row['attempt']),
  startedAtMs: Number(row['started_at_ms']),
  keyId: textOf(row['key_id']),
  requestedModel: String(row['requested_model']),
  providerId: textOf(row['provider_id']),
  accountId: textOf(row['account_id']),
  model: textOf(row['model']),
  state: String(row['state']),
  httpStatus: Number(row['http_status']),
  firstTokenMs: textOf(row['first_token_ms']) === undefined ? undefined : Number(row['first_token_ms']),
  durationMs: Number(row['duration_ms']),
  inputTokens: Number(row['input_tokens'] ?? 0),
  outputTokens: Number(row['output_tokens'] ?? 0),
  costNanoUsd: Number(row['cost_nano_usd'] ?? 0),
});

const textOf = (value: Row[string] | undefined): string | undefined =>
  value === null || value === undefined ? undefined : String(value);
