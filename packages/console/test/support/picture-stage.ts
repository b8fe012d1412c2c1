import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { DOT, sendChat, writeDeck } from '../../../gateway/test/generation/deck-gateway.ts';
import { sendJson, startUpstream } from '../../../gateway/test/support/scripted-upstream.ts';
import { askAs, providerBody, type AskGateway } from './ask-gateway.ts';
import { furnish, type Furniture } from './furnish.ts';
import { makeTraffic } from './make-traffic.ts';
import { makeCalls, startTraffic, type TrafficStage } from './traffic-stage.ts';

const HOUR_MS = 3_600_000;
/** Longer than anybody expects. */
export const LONG_MODEL = `organisation/${'a-model-of-a-rather-long-name-'.repeat(4)}`.slice(0, 120);
export const LONG_LABEL = `${'a.name.of.an.account.that.goes.on'.repeat(2)}@mail.example`.padStart(80, 'x').slice(-80);
const RIGHT_TO_LEFT = 'مفتاح فريق البحث — الإنتاج';
const EMOJI = 'Rocket 🚀 inference 🧪 of the whole 👩‍🔬 team';
export const BUDGETED = 'nightly evaluation of every model';

/** A gateway with one thing of each kind, and with much that is long, wrong or both. */
export interface PictureStage extends TrafficStage {
  readonly furniture: Furniture;
}

/** Starts it, with calls of every kind. Close it after the pictures. */
export async function startPictures(): Promise<PictureStage> {
  const upstream = await startUpstream((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 200, { data: [] });
    if (request.path.includes('images'))
      return sendJson(response, 200, { data: [{ b64_json: DOT.toString('base64') }] });
    return sendChat(request, response, writeDeck(request));
  });
  const stage = await startTraffic({
    OPENROUTER_API_KEY: 'sk-or-canary',
    OPENROUTER_BASE_URL: `${upstream.url}/api/v1`,
    TOGETHER_API_KEY: 'together-canary',
    TOGETHER_BASE_URL: `${upstream.url}/v1`,
  });
  await makeTraffic(stage);
  await makeCalls(stage);
  await stage.addUser(LONG_LABEL.slice(0, 50), 'viewer');
  const furniture = await furnish(stage);
  spend(stage, await fill(await askAs(stage)));
  // For the doctor to find.
  await chmod(stage.gateway.dataDir, 0o755);
  return {
    ...stage,
    furniture,
    close: async () => {
      await stage.close();
      await upstream.close();
    },
  };
}

/** Resolves to the id of the key with a budget. */
async function fill(ask: AskGateway): Promise<string> {
  const { id: provider } = await ask('POST', '/api/admin/providers', {
    ...providerBody('rocket', 'https://inference.rocket.example/a/long/path/v1', 'canary-rocket-0123456789'),
    name: EMOJI,
  });
  await ask('POST', `/api/admin/providers/${String(provider)}/models`, {
    identifier: LONG_MODEL.slice(0, 100),
    name: LONG_MODEL,
    contextLength: 64_000,
    capabilities: {
      maxContextLength: 64_000,
      supportedRoles: ['system', 'user', 'assistant'],
      supportsStreaming: true,
      supportsSystemMessages: true,
      supportsTools: true,
    },
    pricingInfo: { inputTokenPrice: 0.00015, outputTokenPrice: 1234.5 },
  });
  for (const [path, body] of [
    ['/v1/api-keys', { label: RIGHT_TO_LEFT }],
    [
      '/api/v1/accounts',
      { provider_id: 'groq', label: LONG_LABEL, auth_data: { api_key: 'canary-account-0123456789' } },
    ],
    ['/api/v1/accounts', { provider_id: 'mistral', auth_data: { api_key: 'canary-mistral-0123456789' } }],
    ['/api/v1/model-mappings', { alias: RIGHT_TO_LEFT, provider_id: 'rocket', model_name: LONG_MODEL }],
  ] as const)
    // Each stands before what follows.
    // oxlint-disable-next-line no-await-in-loop
    await ask('POST', path, body);
  const limits = { budget_usd: 2_000_000, budget_period: 'month', requests_per_minute: 600 };
  return String((await ask('POST', '/v1/api-keys', { label: BUDGETED, limits }))['id']);
}

/** Seven digits of money and twelve of tokens, over two days; the key is so new that the last hour alone is its. */
function spend({ gateway }: TrafficStage, keyId: string): void {
  const byHand = new DatabaseSync(path.join(gateway.dataDir, 'patchbay.db'), { timeout: 10_000 });
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const insert = byHand.prepare(
    `insert into usage_hours (hour_start_ms, provider_id, model, key_id, attempts, successes, input_tokens,
      output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, latency_ms, cost_nano_usd, unpriced)
      values (?, 'rocket', ?, ?, ?, ?, ?, 987654321, 0, 0, 0, 812345, ?, 0)`,
  );
  for (let ago = 0; ago < 48; ago += 1) {
    const calls = 900 + ((ago * 37) % 400);
    insert.run(
      hour - ago * HOUR_MS,
      LONG_MODEL,
      keyId,
      calls,
      calls - (ago % 7) * 9,
      4_000_000_000 + ago,
      1_234_567_890_000_000n,
    );
  }
  byHand.close();
}
