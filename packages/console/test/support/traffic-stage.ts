import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { PROCESS_KEY } from '../../../gateway/test/support/gateway-process.ts';
import { sendJson, startUpstream } from '../../../gateway/test/support/scripted-upstream.ts';
import { startConsole, type ConsoleStage } from './console-browser.ts';

/** A stage with a provider whose first account is refused, so that calls go on to its second. */
export interface TrafficStage extends ConsoleStage {
  /** Calls a model as a program does; resolves to the status. */
  call(id: string, model: string, more?: object): Promise<number>;
  /** Resolves when the log has as many rows of this request. */
  logged(id: string, rows: number): Promise<void>;
  /** Puts so many rows into the log, the newest from just before now, one a second. */
  seed(rows: number): void;
}

export const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>\u202Etxet';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'llama-3.3-70b-versatile',
  choices: [{ index: 0, message: { role: 'assistant', content: 'The quick brown fox jumps.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1200, completion_tokens: 340, total_tokens: 1540 },
};

/** Starts it. `makeCalls` has a call of every kind made at once. */
export async function startTraffic(environment: Readonly<Record<string, string>> = {}): Promise<TrafficStage> {
  const upstream = await startUpstream((request, response) => {
    if (request.headers['authorization']?.includes('refused') === true)
      return sendJson(response, 401, { error: { message: `Wrong key. ${HOSTILE}`, type: 'invalid_request_error' } });
    if (request.body.includes('hostile'))
      return sendJson(response, 400, { error: { message: `${HOSTILE} ${'x'.repeat(1_000_000)}` } });
    return sendJson(response, 200, CHAT);
  });
  const stage = await startConsole({
    GROQ_BASE_URL: `${upstream.url}/v1`,
    GROQ_API_KEY_1: 'canary-refused-0123456789',
    GROQ_API_KEY_2: 'canary-taken-0123456789',
    ACCOUNT_POLICIES: 'groq=fill-first',
    CAPTURE_PAYLOADS: 'all',
    ...environment,
  });
  const byHand = new DatabaseSync(path.join(stage.gateway.dataDir, 'patchbay.db'), { timeout: 10_000 });
  const count = byHand.prepare('select count(*) as rows from request_logs where request_id = ?');
  return {
    ...stage,
    call: async (id, model, more = {}) => {
      const answer = await fetch(`${stage.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json', 'x-request-id': id },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'A fox?' }], ...more }),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    logged: async (id, rows) => {
      for (let look = 0; look < 200; look += 1) {
        if (Number(count.get(id)?.['rows']) >= rows) return;
        // oxlint-disable-next-line no-await-in-loop
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      assert.fail(`${id} was not logged.`);
    },
    seed: (rows) => void byHand.prepare(SEED).run(rows, Date.now() - 60_000 - rows * 1000),
    close: async () => {
      byHand.close();
      await stage.close();
      await upstream.close();
    },
  };
}

/** Calls of every kind: one that moved on to another account, refusals, streams, and one whose words are hostile. */
export async function makeCalls({ call, logged }: TrafficStage): Promise<void> {
  assert.equal(await call('moved-on', 'groq/llama-3.3-70b-versatile', { metadata: {} }), 200);
  await call('hostile-words', 'groq/llama-3.3-70b-versatile', { messages: [{ role: 'user', content: 'hostile' }] });
  await call('hostile-model', `simulator/${HOSTILE}`);
  await call('broken', 'simulator/500');
  await call('streamed', 'simulator/echo', { stream: true });
  await logged('streamed', 1);
  await logged('moved-on', 2);
}

const SEED = `
  with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ?1)
  insert into request_logs (
    request_id, call_id, attempt, started_at_ms, key_id, client_format, route, requested_model, provider_id, account_id,
    model, stream, express, state, http_status, upstream_status, failure_kind, error_message, latency_ms, first_token_ms,
    duration_ms, input_tokens, output_tokens, cost_nano_usd)
  select 'seed-' || n, 'seed-' || n, 1, ?2 + n * 1000, 'key-' || (n % 5), 'openai-chat', '/v1/chat/completions',
    'model-' || (n % 7), 'provider-' || (n % 3), 'account-' || (n % 11), 'model-' || (n % 7), n % 2, 1,
    case when n % 20 = 0 then 'failed' else 'success' end, case when n % 20 = 0 then 502 else 200 end,
    case when n % 20 = 0 then 503 else 200 end, case when n % 20 = 0 then 'overloaded' end,
    case when n % 20 = 0 then 'The provider is overloaded.' end, 200 + (n * 37) % 1800, 50 + (n * 13) % 400,
    200 + (n * 37) % 1800, 100 + n % 900, 20 + n % 300, (n % 50) * 10000
  from numbers`;
