import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Rows written in one transaction. */
const CHUNK = 50_000;
const DAYS = 30;
const DAY_MS = 86_400_000;

const MODELS = ['gpt-5', 'gpt-5-mini', 'claude-sonnet-4-5', 'claude-haiku-4-5', 'gemini-3-pro', 'gemini-3-flash'];
const list = (names) => `(select value from json_each('${JSON.stringify(names)}') where key = `;

/** How many accounts, keys and models the rows are of. */
export const SPREAD = { accounts: 40, keys: 25, models: MODELS };

/** The values of row `n`, of `count` over the last 30 days: what a busy gateway leaves behind, 4 % of it failures. */
const columnsOf = (count, endMs) => {
  const random = (salt, below) => `(((n * 2654435761 + ${salt}) >> 7) % ${below})`;
  const failed = `(${random(11, 100)} < 4)`;
  return {
    id: 'n',
    request_id: `printf('%012x-%08x-%08x', ${endMs - DAYS * DAY_MS} + n * ${(DAYS * DAY_MS) / count}, n, n * 2654435761 & 4294967295)`,
    call_id: `printf('%012x-c%07x', ${endMs - DAYS * DAY_MS} + n * ${(DAYS * DAY_MS) / count}, n)`,
    attempt: '1',
    started_at_ms: `cast(${endMs - DAYS * DAY_MS} + n * ${(DAYS * DAY_MS) / count} as integer)`,
    key_id: `'key-' || ${random(1, SPREAD.keys)}`,
    client_format: `'openai-chat'`,
    route: `'/v1/chat/completions'`,
    requested_model: `'openai/' || ${list(MODELS)}${random(2, MODELS.length)})`,
    provider_id: `'provider-' || ${random(3, 5)}`,
    account_id: `'account-' || ${random(4, SPREAD.accounts)}`,
    model: `${list(MODELS)}${random(2, MODELS.length)})`,
    stream: random(5, 2),
    express: random(6, 2),
    state: `iif(${failed}, 'failed', 'success')`,
    http_status: `iif(${failed}, 502, 200)`,
    upstream_status: `iif(${failed}, 503, 200)`,
    failure_kind: `iif(${failed} or n = 1000, 'overloaded', null)`,
    error_message: `iif(n = 1000, 'overloaded (needle_in_the_log)', iif(${failed}, 'overloaded (server_busy)', null))`,
    latency_ms: `400 + ${random(7, 9000)}`,
    first_token_ms: `200 + ${random(8, 700)}`,
    duration_ms: `410 + ${random(7, 9000)}`,
    input_tokens: `50 + ${random(9, 6000)}`,
    output_tokens: `10 + ${random(10, 1500)}`,
    cost_nano_usd: `1000 * ${random(9, 6000)}`,
    registry_version: '7',
  };
};

/** Fills `<dataDir>/patchbay.db`, whose tables are there, with `count` rows of the log and the sums by the hour. */
export function seedLogs(dataDir, count, endMs) {
  const database = new DatabaseSync(path.join(dataDir, 'patchbay.db'));
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -400000; pragma temp_store = memory',
  );
  const trigger = database.prepare(`select sql from sqlite_master where name = 'request_logs_usage'`).get().sql;
  const indexes = database
    .prepare(
      `select name, sql from sqlite_master where type = 'index' and tbl_name = 'request_logs' and sql is not null`,
    )
    .all();
  // Sums and orders are made at the end, of all rows at once.
  database.exec('drop trigger request_logs_usage');
  for (const { name } of indexes) database.exec(`drop index ${String(name)}`);
  const columns = columnsOf(count, endMs);
  for (let done = 0; done < count; done += CHUNK) {
    const last = Math.min(count, done + CHUNK);
    database.exec(`
      insert into request_logs (${Object.keys(columns).join(', ')})
      with recursive numbers(n) as (select ${done + 1} union all select n + 1 from numbers where n < ${last})
      select ${Object.values(columns).join(', ')} from numbers`);
  }
  database.exec(`
    insert into usage_hours (hour_start_ms, provider_id, model, key_id, attempts, successes, input_tokens, output_tokens,
      cache_read_tokens, cache_write_tokens, reasoning_tokens, latency_ms, cost_nano_usd, unpriced)
    select started_at_ms - started_at_ms % 3600000, provider_id, model, key_id, count(*), sum(state = 'success'),
      sum(input_tokens), sum(output_tokens), 0, 0, 0, sum(latency_ms), sum(cost_nano_usd), 0
    from request_logs group by 1, 2, 3, 4`);
  const sums =
    'attempts, successes, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, latency_ms, cost_nano_usd, unpriced';
  database.exec(`
    insert into usage_days (day_start_ms, provider_id, model, key_id, ${sums})
    select hour_start_ms - hour_start_ms % ${DAY_MS}, provider_id, model, key_id, ${sums.replaceAll(/\w+/g, 'sum($&)')}
    from usage_hours group by 1, 2, 3, 4`);
  for (const { sql } of indexes) database.exec(sql);
  database.exec(trigger);
  database.exec('pragma synchronous = full');
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
}
