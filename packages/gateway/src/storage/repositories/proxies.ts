import type { Secret } from '@patchbay/llm/credentials/secret';
import { sql, type Kysely } from 'kysely';

import { engineOf } from '../migrations/engine.ts';
import type { Proxies } from '../ports.ts';
import type { ProxyDay, ProxyNote, ProxyRecord } from '../records.ts';
import type { Tables } from '../tables/tables.ts';
import { flag, note, number, optional, text, time, type ColumnValue, type Field } from './field.ts';
import { inTransaction } from './in-transaction.ts';
import { toRecord, type Resource, type Row } from './resource.ts';
import { createRepository, type RepositoryParts } from './table-repository.ts';

/** The number by which SQL knows the row, as a text. */
const numbered: Field<string> = { column: 'id', kind: 'number', read: String, write: Number };
/** Written after it was sealed, so it is a text by then. */
const sealedText: Field<string | Secret> = {
  column: 'password',
  kind: 'text',
  sealed: true,
  read: String,
  write: String,
};

const PROXIES: Resource<ProxyRecord> = {
  table: 'proxy_pool',
  fields: {
    id: numbered,
    url: text('url'),
    password: optional(sealedText),
    label: optional(text('label')),
    protocol: text('protocol'),
    isActive: flag('is_active'),
    healthStatus: note(text('health_status')),
    maxAccounts: number('max_accounts'),
    currentAccounts: note(number('current_accounts')),
    lastUsedAtMs: note(optional(time('last_used_at'))),
    usageCount: note(number('usage_count')),
    priority: number('priority'),
    weight: number('weight'),
    consecutiveFailures: note(number('consecutive_failures')),
    maxFailures: number('max_failures'),
    successRate: note(number('success_rate')),
    avgLatencyMs: note(number('avg_latency_ms')),
    lastCheckedAtMs: note(optional(time('last_checked_at'))),
    markedDownAtMs: note(optional(time('marked_down_at'))),
    version: number('version'),
    createdAtMs: time('created_at'),
    updatedAtMs: time('updated_at'),
  },
  sortable: ['id', 'priority', 'createdAtMs', 'updatedAtMs'],
  searched: ['url', 'label'],
};

const DAYS: Resource<ProxyDay> = {
  table: 'proxy_stats',
  fields: {
    proxyId: numberedAs('proxy_id'),
    providerId: optional(text('provider_id')),
    date: { column: 'day', kind: 'text', read: String, write: String },
    requests: number('request_count'),
    successes: number('success_count'),
    errors: number('error_count'),
    latencyMs: number('total_latency_ms'),
    tokens: number('total_tokens'),
  },
  sortable: ['date'],
  searched: [],
};

function numberedAs(column: string): Field<string> {
  return { ...numbered, column };
}

/** Outbound proxies, notes of how they fare, and their days. */
export function createProxies(parts: RepositoryParts): Proxies {
  const { database } = parts;
  const repository = createRepository(parts, PROXIES);
  return Object.assign(repository, {
    add: async (row: Parameters<Proxies['add']>[0]) => {
      const inserted = await inTransaction(database, async (within) =>
        createRepository({ ...parts, database: within }, PROXIES).insert({ ...row, id: await nextId(within) }),
      );
      parts.written?.();
      return inserted;
    },
    note: async (notes: readonly ProxyNote[]) => {
      await inTransaction(database, async (within) => {
        for (const each of notes) await noteOne(within, each);
      });
      parts.written?.();
    },
    addDays: (days: readonly ProxyDay[]) =>
      inTransaction(database, async (within) => {
        for (const each of days) await addDay(within, each);
      }),
    days: (proxyId: string, fromDate: string) => daysOf(database, proxyId, fromDate),
  });
}

/** Found before the row is written, because its password is sealed for it. */
async function nextId(database: Kysely<Tables>): Promise<string> {
  const next =
    engineOf(database) === 'postgres'
      ? sql<{ id: unknown }>`select nextval(pg_get_serial_sequence('proxy_pool', 'id')) as id`
      : sql<{ id: unknown }>`select 1 + coalesce((select seq from sqlite_sequence where name = 'proxy_pool'), 0) as id`;
  return String((await next.execute(database)).rows[0]?.id);
}

/** Uses are added to what is there, because every process notes its own. */
async function noteOne(database: Kysely<Tables>, { id, uses, ...found }: ProxyNote): Promise<void> {
  const { health } = found;
  const set = [
    sql`usage_count = usage_count + ${uses ?? 0}`,
    ...given('last_used_at', at(found.lastUsedAtMs)),
    ...given('last_checked_at', at(found.lastCheckedAtMs)),
    ...given('current_accounts', found.currentAccounts),
    ...given('health_status', health?.status),
    ...given('consecutive_failures', health?.consecutiveFailures),
    ...given('success_rate', health?.successRate),
    ...given('avg_latency_ms', health?.avgLatencyMs),
    ...(health === undefined ? [] : [sql`marked_down_at = ${at(health.markedDownAtMs) ?? null}`]),
  ];
  await sql`update proxy_pool set ${sql.join(set)} where id = ${id}`.execute(database);
}

const given = (column: string, value: ColumnValue | undefined) =>
  value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`];
const at = (ms: number | undefined): ColumnValue | undefined => (ms === undefined ? undefined : time('').write(ms));

async function addDay(database: Kysely<Tables>, day: ProxyDay): Promise<void> {
  const { proxyId, providerId, date, requests, successes, errors, latencyMs, tokens } = day;
  await sql`insert into proxy_stats
    (proxy_id, provider_id, date, request_count, success_count, error_count, total_latency_ms, total_tokens)
    values (${proxyId}, ${providerId ?? null}, ${date}, ${requests}, ${successes}, ${errors}, ${latencyMs}, ${tokens})
    on conflict (proxy_id, date, (coalesce(provider_id, ''))) do update set
      request_count = proxy_stats.request_count + excluded.request_count,
      success_count = proxy_stats.success_count + excluded.success_count,
      error_count = proxy_stats.error_count + excluded.error_count,
      total_latency_ms = proxy_stats.total_latency_ms + excluded.total_latency_ms,
      total_tokens = proxy_stats.total_tokens + excluded.total_tokens`.execute(database);
}

async function daysOf(database: Kysely<Tables>, proxyId: string, fromDate: string): Promise<readonly ProxyDay[]> {
  const { rows } = await sql<Row>`select *, cast(date as text) as day from proxy_stats
    where proxy_id = ${proxyId} and date >= ${fromDate} order by date, coalesce(provider_id, '')`.execute(database);
  return rows.map((row) => toRecord(DAYS, row));
}
