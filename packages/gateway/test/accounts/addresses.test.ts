import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { askOf } from '../management/management-gateway.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';

const PASSWORD = 'canary-password-of-addresses';
const CHAT = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const MESSAGE = {
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'hi' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 1, output_tokens: 1 },
};
const CONVERSE = {
  output: { message: { role: 'assistant', content: [{ text: 'hi' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
};
const AWS = { access_key_id: 'canary-id', secret_access_key: 'canary-secret-0123456789', region: 'eu-west-1' };

/** Providers whose rows the product brings along, then one without a row: what accounts of theirs call, and how. */
const PROVIDERS = [
  {
    id: 'openai',
    authData: { api_key: 'canary-openai-0123456789' },
    asks: '/openai/v1/chat/completions',
    header: ['authorization', /^Bearer canary-openai-0123456789$/],
    answer: CHAT,
  },
  {
    id: 'anthropic',
    authData: { api_key: 'canary-anthropic-0123456789' },
    asks: '/anthropic/v1/messages',
    header: ['x-api-key', /^canary-anthropic-0123456789$/],
    answer: MESSAGE,
  },
  {
    id: 'bedrock',
    authData: AWS,
    asks: '/bedrock/v1/model/m/converse',
    header: ['authorization', /^AWS4-HMAC-SHA256 Credential=canary-id\//],
    answer: CONVERSE,
  },
  {
    id: 'mistral',
    authData: { api_key: 'canary-mistral-0123456789' },
    asks: '/mistral/v1/chat/completions',
    header: ['authorization', /^Bearer canary-mistral-0123456789$/],
    answer: CHAT,
  },
] as const;

let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let token: string;

before(async () => {
  upstream = await startUpstream(({ path }, response) =>
    sendJson(response, 200, PROVIDERS.find(({ asks }) => asks === path)?.answer ?? {}),
  );
  const addresses = PROVIDERS.map(({ id }) => [`${id.toUpperCase()}_BASE_URL`, `${upstream.url}/${id}/v1`]);
  gateway = await startProcess({ ...Object.fromEntries(addresses), ADMIN_PASSWORD: PASSWORD });
  const login = await askOf(gateway.url, 'POST /api/v1/auth/login', {
    body: { username: 'admin', password: PASSWORD },
  });
  assert.equal(login.status, 200, login.text);
  token = login.json.token;
});
after(async () => {
  await gateway?.stop();
  await gateway?.remove();
  await upstream.close();
});

for (const { id, authData, asks, header } of PROVIDERS)
  it(`sends calls of an account of ${id} to the address of the settings, though they name no key`, async () => {
    const account = { provider_id: id, auth_data: authData, label: id };
    const made = await askOf(gateway.url, 'POST /api/v1/accounts', { token, body: account });
    assert.equal(made.status, 201, made.text);
    const body = { model: `${id}/m`, messages: [{ role: 'user', content: 'hi' }] };
    const answer = await askOf(gateway.url, 'POST /v1/chat/completions', { token: PROCESS_KEY, body });
    assert.equal(answer.status, 200, answer.text);
    const [seen] = upstream.seen.splice(0);
    assert.equal(seen?.path, asks);
    const [name, value] = header;
    assert.match(String(seen.headers[name]), value);
  });
