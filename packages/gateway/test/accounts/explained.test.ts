import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';

import { askOf, type Answered, type Sent } from '../management/management-gateway.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';

const PASSWORD = 'canary-password-of-explanations';
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let admin: string;
/** Ids of accounts by their keys. */
const ids = new Map<string, string>();
const ask = (route: string, sent: Sent = {}): Promise<Answered> => askOf(gateway.url, route, { token: admin, ...sent });

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startProcess({
    GROQ_BASE_URL: `${upstream.url}/v1`,
    ADMIN_PASSWORD: PASSWORD,
    RATE_LIMIT_ENABLED: 'false',
    ACCOUNT_POLICIES:
      'groq/filled=fill-first,groq/weighed=weighted,groq/cheap=cheapest,groq/least=least-used,groq/stays=affinity',
  });
  const login = await askOf(gateway.url, 'POST /api/v1/auth/login', {
    body: { username: 'admin', password: PASSWORD },
  });
  assert.equal(login.status, 200, login.text);
  admin = login.json.token;
  const accounts = {
    one: { weight: 3, limits: { requests_per_day: 12, models: { filled: { requests_per_day: 2 } } } },
    two: { weight: 1, price_factor: 0.5, limits: { models: { cheap: { tokens_per_day: 300 } } } },
    three: { weight: 0.5 },
    four: {},
  };
  for (const [name, metadata] of Object.entries(accounts)) {
    const key = `canary-${name}-0123456789`;
    const body = { provider_id: 'groq', label: name, auth_data: { api_key: key }, metadata };
    const made = await ask('POST /api/v1/accounts', { body });
    assert.equal(made.status, 201, made.text);
    ids.set(key, made.json.id);
  }
});
after(async () => {
  await gateway?.stop();
  await gateway?.remove();
  await upstream.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  upstream.answer = (_, response) => sendJson(response, 200, CHAT);
});

const keyOf = (headers: { readonly authorization?: string | undefined }): string =>
  String(headers.authorization).replace('Bearer ', '');

it('names the account that the request is then sent with, whatever the policy, limits, rests and words are', async () => {
  const models = ['filled', 'weighed', 'cheap', 'least', 'stays', 'in-turn'];
  // Every account fails now and then, for one model or for all, and never all at once.
  const failing = ['canary-one-0123456789', 'canary-three-0123456789', '', 'canary-two-0123456789'];
  let turn = 0;
  let limited = 0;
  upstream.answer = ({ headers }, response) => {
    const isFailing = turn % 5 === 4 && keyOf(headers) === failing[Math.floor(turn / 5) % failing.length];
    if (isFailing) sendJson(response, 429, { error: { message: 'slow down' } });
    else sendJson(response, 200, CHAT);
  };
  for (turn = 0; turn < 60; turn += 1) {
    const model = `groq/${models[(turn * 7) % models.length]}`;
    const messages = [{ role: 'user', content: `${turn % 3} ${'words '.repeat((turn % 4) * 300)}` }];
    const body = { model, max_completion_tokens: 50, messages };
    const explained = await ask('POST /api/v1/explain', { body: { model, body } });
    assert.equal(explained.status, 200, explained.text);
    const [target] = explained.json.targets;
    upstream.seen.length = 0;
    const answer = await ask('POST /v1/chat/completions', { token: PROCESS_KEY, body });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(
      target.first_account_id,
      ids.get(keyOf(upstream.seen[0]?.headers ?? {})),
      `${turn}: ${explained.text}`,
    );
    assert.equal(target.accounts[0].account_id, target.first_account_id);
    if (/The limit of the account|of limit\./.test(explained.text)) limited += 1;
  }
  // How often depends on how many minutes the turns take.
  assert.ok(limited > 0);
});

it('shows what a key may, what is left of its limits, and why it is refused', async () => {
  const limits = { requests_per_minute: 2, budget_usd: 1, models: ['groq/in-turn', 'groq/gpt-5'] };
  const made = await ask('POST /api/v1/api-keys', { body: { label: 'limited', limits } });
  assert.equal(made.status, 201, made.text);
  const { id: key_id, key: token } = made.json;
  const explain = (model: string): Promise<Answered> => ask('POST /api/v1/explain', { body: { model, key_id } });
  const call = (model: string): Promise<Answered> =>
    ask('POST /v1/chat/completions', { token, body: { model, messages: [{ role: 'user', content: 'hi' }] } });
  assert.equal((await explain('groq/in-turn')).json.refusal, undefined);
  const other = await explain('groq/filled');
  assert.equal(other.json.refusal.status, 403);
  assert.equal((await call('groq/filled')).status, 403);
  const first = await call('groq/in-turn');
  assert.equal(first.status, 200, first.text);
  const requests = (answer: Answered) =>
    answer.json.limits.find(({ name }: { name: string }) => name === 'key requests a minute');
  const before = requests(await explain('groq/in-turn'));
  assert.deepEqual([before.max, before.used, before.left, before.refuses], [2, 1, 1, false]);
  // Asking counted nothing.
  assert.deepEqual(requests(await explain('groq/in-turn')), before);
  assert.equal((await call('groq/in-turn')).status, 200);
  const refused = await explain('groq/in-turn');
  assert.equal(refused.json.refusal.status, 429);
  assert.equal((await call('groq/in-turn')).status, 429);
  assert.equal(requests(refused).refuses, true);
  assert.ok(refused.json.limits.some(({ name }: { name: string }) => name === 'key budget'));
  const unknown = await ask('POST /api/v1/explain', { body: { model: 'groq/in-turn', key_id: 'no-such-key' } });
  assert.equal(unknown.status, 404);
  assert.match(unknown.json.error, /There is no key `no-such-key` in force/);
});

it('goes by the names that the caller gave to models, and by everybody’s', async () => {
  const own = { alias: 'quick', provider_id: 'groq', model_name: 'in-turn' };
  const mapped = await ask('POST /api/v1/model-mappings', { body: own });
  assert.equal(mapped.status, 201, mapped.text);
  const explained = await ask('POST /api/v1/explain', { body: { model: 'quick' } });
  assert.equal(explained.json.targets[0]?.model, 'in-turn', explained.text);
});

it('tells the price that calls are charged by, also one that an administrator wrote', async () => {
  const capabilities = {
    supportsSystemMessages: true,
    maxContextLength: 128_000,
    supportedRoles: ['system', 'user', 'assistant'],
    supportsStreaming: true,
    supportsTools: true,
  };
  const provider = {
    name: 'Priced',
    identifier: 'priced',
    apiEndpoint: 'https://example.com/v1',
    authMethod: 'api_key',
    authConfig: {
      type: 'api_key',
      fields: { apiKey: 'canary-priced-0123456789' },
      headers: { Authorization: 'Bearer {{apiKey}}' },
    },
    capabilities,
  };
  const made = await ask('POST /api/admin/providers', { body: provider });
  assert.equal(made.status, 201, made.text);
  const pricingInfo = { inputTokenPrice: 0.004, outputTokenPrice: 0.008, currency: 'USD' };
  const model = { name: 'Own', identifier: 'own', contextLength: 1000, capabilities, pricingInfo };
  const added = await ask('POST /api/admin/providers/priced/models', { body: model });
  assert.equal(added.status, 201, added.text);
  const { json, text } = await ask('POST /api/v1/explain', { body: { model: 'priced/own' } });
  assert.deepEqual(json.targets[0]?.price.usdPerMillionTokens, { input: 4, output: 8 }, text);
});
