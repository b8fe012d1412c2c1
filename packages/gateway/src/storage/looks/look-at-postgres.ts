import type { Clock } from '@patchbay/llm/model/clock';
import pg from 'pg';

import { connectionOf } from '../drivers/postgres.ts';
import {
  schemaOf,
  SLOW_S,
  type SlowStatement,
  type StoreLooker,
  type StoreThere,
  type StoreTrouble,
} from './store-look.ts';

/** Longest wait for a connection and for one answer, in milliseconds. */
const LOOK_MS = 3000;
/** Slow statements that are told of. */
const SLOW_MOST = 5;

/** Looks at the database behind `url`, each time over a connection of its own. */
export const postgresLooker = ({
  url,
  place,
  clock,
}: {
  readonly url: string;
  readonly place: string;
  readonly clock: Clock;
}): StoreLooker => ({
  async look() {
    const client = new pg.Client(connectionOf({ url, connectMs: LOOK_MS, statementMs: LOOK_MS }));
    // The connection may end at any time; what is asked then fails, and that is heard.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return { kind: 'there', engine: 'postgres', place, ...(await lookOver(client, clock)) };
    } catch (error) {
      return { kind: 'away', engine: 'postgres', place, ...troubleOf(error) };
    } finally {
      // A server that is silent would not answer the farewell either.
      void client.end().catch(() => undefined);
    }
  },
  damage: () => Promise.resolve([]),
});

type Seen = Omit<StoreThere, 'kind' | 'engine' | 'place'>;

async function lookOver(client: pg.Client, clock: Clock): Promise<Seen> {
  const beforeMs = clock.nowMs();
  const { rows: server } = await client.query<ServerRow>(SERVER);
  const middleMs = (beforeMs + clock.nowMs()) / 2;
  const { rows: tables } = await client.query<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = any (current_schemas(false))',
  );
  const names = new Set(tables.map(({ name }) => name));
  const { rows: slow } = await client.query<SlowRow>(SLOW, [SLOW_S, SLOW_MOST]);
  const [facts] = server;
  const readOnly = facts && readOnlyOf(facts);
  const oldest = names.has('request_logs') ? await oldestCall(client) : undefined;
  return {
    ...schemaOf(names.has('kysely_migration') ? await appliedIn(client) : [], names),
    ...(facts && { aheadMs: Number(facts.now_ms) - middleMs, connections: { used: facts.used, max: facts.max } }),
    ...(readOnly !== undefined && { readOnly }),
    ...(oldest !== undefined && { oldestCallMs: oldest }),
    slow: slow.map(slowOf),
  };
}

interface ServerRow {
  readonly now_ms: number;
  readonly read_only: string;
  readonly replica: number;
  readonly used: number;
  readonly max: number;
}

const SERVER = `select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms,
  current_setting('default_transaction_read_only') as read_only, pg_is_in_recovery() as replica,
  (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as max`;

interface SlowRow {
  readonly pid: number;
  readonly seconds: number;
  readonly state: string;
  readonly text: string;
  readonly blockers: readonly number[];
}

const SLOW = `select pid, extract(epoch from clock_timestamp() - query_start)::int as seconds, state,
  left(query, 400) as text, pg_blocking_pids(pid) as blockers from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
  and state in ('active', 'idle in transaction', 'idle in transaction (aborted)')
  and clock_timestamp() - query_start > make_interval(secs => $1) order by query_start limit $2`;

/** Others' statements have their values in the text, which may be anything. */
const slowOf = ({ pid, seconds, state, text, blockers }: SlowRow): SlowStatement => ({
  pid,
  seconds,
  state,
  text: text
    .replaceAll(/'(?:[^']|'')*'?|\$\$[\s\S]*|\b\d+\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 120),
  blockedBy: blockers,
});

function readOnlyOf({ read_only: mode, replica }: ServerRow): string | undefined {
  if (replica === 1) return 'it is a replica in recovery';
  return mode === 'on' ? 'default_transaction_read_only is on' : undefined;
}

async function appliedIn(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration');
  return rows.map(({ name }) => name);
}

async function oldestCall(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ at: number }>(
    'select started_at_ms as at from request_logs order by id limit 1',
  );
  return rows[0]?.at;
}

/** What an error is a sign of: by SQLSTATE, else by the network's word. */
const TROUBLES: readonly (readonly [RegExp, StoreTrouble])[] = [
  [/^28/, 'login'],
  [/^3D000$/, 'no-database'],
  [/^53300$/, 'no-connection-left'],
  [/^57P03$/, 'silent'],
  [/^53100$/, 'full'],
  [/^XX00[12]$/, 'damaged'],
  [/^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|ECONNRESET)$/, 'unreachable'],
];

function troubleOf(error: unknown): { readonly trouble: StoreTrouble; readonly why: string } {
  const { code, message, errors } = error as { code?: unknown; message?: string; errors?: readonly Error[] };
  const name = typeof code === 'string' ? code : '';
  const known = TROUBLES.find(([words]) => words.test(name))?.[1];
  const why = message || errors?.[0]?.message || name || 'no reason given';
  return { trouble: known ?? (/time(?:d )?out/i.test(why) ? 'silent' : 'unknown'), why: why.replace(/\.$/, '') };
}
