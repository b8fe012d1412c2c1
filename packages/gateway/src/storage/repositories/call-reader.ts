import { sql, type Kysely, type RawBuilder } from 'kysely';

import type { Tables } from '../tables/tables.ts';
import { flag, number, optional, text } from './field.ts';
import { toRecord, type Resource, type Row } from './resource.ts';

/** One row of the log of calls: an upstream attempt, or a call that came to none. */
export interface LoggedCall {
  readonly id: number;
  readonly requestId: string;
  readonly callId: string;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly clientFormat: string;
  readonly route: string;
  readonly requestedModel: string;
  readonly state: string;
  readonly httpStatus: number;
  readonly stream: boolean;
  readonly express: boolean;
  readonly latencyMs: number;
  readonly durationMs: number;
  readonly keyId?: string;
  readonly providerId?: string;
  readonly accountId?: string;
  readonly model?: string;
  readonly failureKind?: string;
  readonly errorMessage?: string;
  readonly losses?: string;
  readonly upstreamStatus?: number;
  readonly firstTokenMs?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
  readonly costNanoUsd?: number;
  readonly retryCount: number;
  readonly switchedFromAccountId?: string;
  readonly proxyId?: number;
  readonly registryVersion?: number;
}

/** Which rows of the log. Every filter that is given must hold. */
export interface CallQuery {
  /** Most rows, 1 to 1,000. */
  readonly limit: number;
  /** Only rows older than the one with this id: the cursor of a page. */
  readonly beforeId?: number;
  /** Only rows newer than the one with this id. */
  readonly afterId?: number;
  readonly offset?: number;
  readonly requestId?: string;
  readonly providerId?: string;
  readonly accountId?: string;
  readonly keyIds?: readonly string[];
  readonly model?: string;
  readonly state?: string;
  readonly failedOnly?: boolean;
  /** The first digit of the status: 4 for 400 to 499. */
  readonly statusHundred?: number;
  readonly streamed?: boolean;
  /** Came to another account than the attempt before. */
  readonly switched?: boolean;
  readonly minLatencyMs?: number;
  readonly minCostNanoUsd?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Part of a request id, model, account or error, whatever its letter case. */
  readonly search?: string;
}

/** Reads the log of calls, the newest first. */
export interface CallReader {
  page(query: CallQuery): Promise<readonly LoggedCall[]>;
}

/** Makes a reader over a store's log. */
export const createCallReader = (database: Kysely<Tables>): CallReader => ({
  async page(query) {
    const range = await idsOfTime(database, query);
    const rows = hasNoOrder(query) ? await readInStretches(database, query, range) : await read(database, query, range);
    return rows.map((row) => toRecord(CALLS, row));
  },
});

/** Whether no order of the rows leads to those that are wanted. */
const hasNoOrder = (query: CallQuery): boolean =>
  (query.search ?? '') !== '' ||
  [query.statusHundred, query.streamed, query.switched, query.minLatencyMs, query.minCostNanoUsd].some(
    (each) => each !== undefined,
  );

async function read(database: Kysely<Tables>, query: CallQuery, { from, to }: IdRange): Promise<readonly Row[]> {
  const where = [...conditions(query), sql`id >= ${from}`, sql`id < ${to}`];
  const { rows } = await sql<Row>`
    select * from request_logs where ${sql.join(where, sql` and `)}
    order by id desc limit ${query.limit} offset ${query.offset ?? 0}`.execute(database);
  return rows;
}

/** Rows that one statement looks at for a text: no other statement waits longer for the database than that takes. */
const STRETCH_ROWS = 50_000;

/** Where no order helps, as to find a part of a text: the newest rows are looked through first, until enough were found. */
async function readInStretches(
  database: Kysely<Tables>,
  query: CallQuery,
  { from, to }: IdRange,
): Promise<readonly Row[]> {
  const wanted = query.limit + (query.offset ?? 0);
  const found: Row[] = [];
  for (let end = to; end > from && found.length < wanted; end -= STRETCH_ROWS) {
    const stretch = { from: Math.max(from, end - STRETCH_ROWS), to: end };
    found.push(...(await read(database, { ...query, offset: 0, limit: wanted - found.length }, stretch)));
  }
  return found.slice(query.offset ?? 0);
}

/** Ids from `from` to before `to`. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** A call is written when it ends: at most so long after it began, in milliseconds. */
const DISORDER_MS = 86_400_000;

/** Ids count in the order of writing, which is about that of time: where the rows of a time must be. */
export async function idsOfTime(
  database: Kysely<Tables>,
  { fromMs, toMs, beforeId, afterId }: Pick<CallQuery, 'fromMs' | 'toMs' | 'beforeId' | 'afterId'>,
  disorderMs = DISORDER_MS,
): Promise<IdRange> {
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    select (select min(id) from request_logs) as first, (select max(id) from request_logs) as last`.execute(database);
  const { first, last } = rows[0] ?? {};
  if (typeof first !== 'number' || typeof last !== 'number') return { from: 0, to: 0 };
  const all = { from: Math.max(first, (afterId ?? -1) + 1), to: Math.min(last + 1, beforeId ?? Infinity) };
  return {
    from: fromMs === undefined ? all.from : await firstIdFrom(database, all, fromMs - disorderMs),
    to: toMs === undefined ? all.to : await firstIdFrom(database, all, toMs + disorderMs),
  };
}

/** About the first id of a call that began then or later, by halves. */
async function firstIdFrom(database: Kysely<Tables>, { from, to }: IdRange, startedAtMs: number): Promise<number> {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { rows } = await sql<{ at: number }>`
      select started_at_ms as at from request_logs where id >= ${middle} order by id limit 1`.execute(database);
    if ((rows[0]?.at ?? Infinity) < startedAtMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

const STATUS = sql`coalesce(upstream_status, http_status)`;
const SEARCHED = ['request_id', 'requested_model', 'model', 'account_id', 'error_message'] as const;

function conditions(query: CallQuery): RawBuilder<unknown>[] {
  const { keyIds, failedOnly, statusHundred, switched, fromMs, toMs, search } = query;
  const equal = [
    ['request_id', query.requestId],
    ['provider_id', query.providerId],
    ['account_id', query.accountId],
    ['model', query.model],
    ['state', query.state],
    ['stream', query.streamed === undefined ? undefined : Number(query.streamed)],
  ] as const;
  const least = [
    ['latency_ms', query.minLatencyMs],
    ['cost_nano_usd', query.minCostNanoUsd],
    ['started_at_ms', fromMs],
  ] as const;
  return [
    sql`1 = 1`,
    ...equal.flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`])),
    ...least.flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.ref(column)} >= ${value}`])),
    ...(keyIds === undefined ? [] : [keyIds.length === 0 ? sql`1 = 0` : sql`key_id in (${sql.join([...keyIds])})`]),
    ...(failedOnly === true ? [sql`failure_kind is not null`] : []),
    ...(statusHundred === undefined
      ? []
      : [sql`${STATUS} between ${statusHundred * 100} and ${statusHundred * 100 + 99}`]),
    ...(switched === undefined ? [] : [sql`switched_from_account_id is ${sql.raw(switched ? 'not null' : 'null')}`]),
    ...(toMs === undefined ? [] : [sql`started_at_ms < ${toMs}`]),
    ...(search === undefined || search === '' ? [] : [anywhere(search)]),
  ];
}

function anywhere(search: string): RawBuilder<unknown> {
  const pattern = `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const hits = SEARCHED.map((column) => sql`lower(${sql.ref(column)}) like ${pattern} escape '\\'`);
  return sql`(${sql.join(hits, sql` or `)})`;
}

/** Where the members of a logged call lie. */
const CALLS: Resource<LoggedCall> = {
  table: 'request_logs',
  fields: {
    id: number('id'),
    requestId: text('request_id'),
    callId: text('call_id'),
    attempt: number('attempt'),
    startedAtMs: number('started_at_ms'),
    clientFormat: text('client_format'),
    route: text('route'),
    requestedModel: text('requested_model'),
    state: text('state'),
    httpStatus: number('http_status'),
    stream: flag('stream'),
    express: flag('express'),
    latencyMs: number('latency_ms'),
    durationMs: number('duration_ms'),
    keyId: optional(text('key_id')),
    providerId: optional(text('provider_id')),
    accountId: optional(text('account_id')),
    model: optional(text('model')),
    failureKind: optional(text('failure_kind')),
    errorMessage: optional(text('error_message')),
    losses: optional(text('losses')),
    upstreamStatus: optional(number('upstream_status')),
    firstTokenMs: optional(number('first_token_ms')),
    inputTokens: optional(number('input_tokens')),
    outputTokens: optional(number('output_tokens')),
    cacheReadTokens: optional(number('cache_read_tokens')),
    cacheWriteTokens: optional(number('cache_write_tokens')),
    reasoningTokens: optional(number('reasoning_tokens')),
    costNanoUsd: optional(number('cost_nano_usd')),
    retryCount: number('retry_count'),
    switchedFromAccountId: optional(text('switched_from_account_id')),
    proxyId: optional(number('proxy_id')),
    registryVersion: optional(number('registry_version')),
  },
  sortable: ['id'],
  searched: [],
};
