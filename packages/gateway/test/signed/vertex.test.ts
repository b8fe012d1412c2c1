import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { readServiceAccount } from '@patchbay/llm/credentials/service-account';

import { asksOf, DIALECTS, officialClients, QUESTION } from '../support/official-clients.ts';
import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';
import { startTokenSeller, type TokenSeller } from '../support/token-seller.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const PROJECT = '/v1/projects/mine/locations/global';
const HI = [{ role: 'user', content: 'hi' }];

const GEMINI = {
  candidates: [{ content: { role: 'model', parts: [{ text: QUESTION }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 3, totalTokenCount: 6 },
  modelVersion: 'gemini-2.5-flash',
  responseId: 'from-google',
};
const CLAUDE = {
  id: 'msg_vrtx_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content: [{ type: 'text', text: QUESTION }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 3 },
};
const CLAUDE_EVENTS = [
  { type: 'message_start', message: { ...CLAUDE, content: [], stop_reason: null } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: QUESTION } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];
const eventText = (events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

let upstream: ScriptedUpstream;
let seller: TokenSeller;
let gateway: TestGateway;
/** What the tokens that the provider takes are; others it answers with 401. */
let taken: (token: string) => boolean;

async function startVertex(): Promise<TestGateway> {
  const account = readServiceAccount('vertex-1', seller.keyFile);
  assert.ok(account.ok);
  const baseUrl = `${upstream.url}${PROJECT}`;
  return startGateway([{ providerId: 'vertex', baseUrl, accounts: [account.value] }], { egressAllow: ['127.0.0.1'] });
}

before(async () => {
  seller = await startTokenSeller(SCOPE);
  upstream = await startUpstream((seen, response) => {
    const token = (seen.headers.authorization ?? '').replace(/^Bearer /, '');
    if (!seller.sold.includes(token) || !taken(token))
      return sendJson(response, 401, { error: { code: 401, message: `No ${token}`, status: 'UNAUTHENTICATED' } });
    if (seen.path.endsWith(':rawPredict')) return sendJson(response, 200, CLAUDE);
    if (seen.path.endsWith(':streamRawPredict')) return sendSse(response, eventText(CLAUDE_EVENTS));
    if (seen.path.includes(':streamGenerateContent')) return sendSse(response, `data: ${JSON.stringify(GEMINI)}\n\n`);
    return sendJson(response, 200, GEMINI);
  });
  gateway = await startVertex();
});
after(async () => {
  await gateway.close();
  await upstream.close();
  await seller.close();
});
beforeEach(() => {
  taken = () => true;
  upstream.seen.length = 0;
});

describe('Vertex, reached with tokens that a service account buys', () => {
  for (const format of DIALECTS)
    for (const model of ['gemini-2.5-flash', 'claude-sonnet-4-5'])
      for (const stream of [false, true])
        it(`answers the official client of ${format} for ${model}, ${stream ? 'streamed' : 'whole'}`, async () => {
          const ask = asksOf(officialClients(gateway.url))[format];
          assert.equal((await ask?.(`vertex/${model}`, false, stream))?.text, QUESTION);
          assert.equal((await gateway.nextRecord()).state, 'success');
          const asked = model.startsWith('claude-')
            ? `/publishers/anthropic/models/${model}:${stream ? 'streamRawPredict' : 'rawPredict'}`
            : `/publishers/google/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
          assert.equal(upstream.seen[0]?.path, PROJECT + asked);
        });

  it('buys one token for all of these calls', () => assert.deepEqual(seller.sold, ['canary-token-1']));
});

describe('a body for Anthropic’s models at Vertex', () => {
  it('names the version in the place of the model, and is the caller’s own otherwise', async () => {
    const body = `{ "max_tokens": 1.50e1, "model" : "vertex/claude-sonnet-4-5","messages":${JSON.stringify(HI)} }`;
    assert.equal((await post(gateway, '/v1/messages', body)).status, 200);
    await gateway.nextRecord();
    assert.equal(
      upstream.seen[0]?.body.toString(),
      body.replace('"model" : "vertex/claude-sonnet-4-5"', '"anthropic_version":"vertex-2023-10-16"'),
    );
  });

  it('names the version in the place of the model when it is translated, too', async () => {
    assert.equal(
      (await post(gateway, '/v1/chat/completions', { model: 'vertex/claude-haiku-4-5', messages: HI })).status,
      200,
    );
    await gateway.nextRecord();
    const sent = JSON.parse(String(upstream.seen[0]?.body)) as Record<string, unknown>;
    assert.equal(sent['anthropic_version'], 'vertex-2023-10-16');
    assert.equal('model' in sent, false);
  });
});

describe('a token', () => {
  const chat = { model: 'vertex/gemini-2.5-flash', messages: HI };

  it('is bought once by many calls that begin together', async () => {
    const fresh = await startVertex();
    const before = seller.sold.length;
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(fresh, '/v1/chat/completions', chat)));
    assert.ok(responses.every(({ status }) => status === 200));
    assert.equal(seller.sold.length, before + 1);
    await fresh.close();
  });

  it('is bought anew when it is near its end', async () => {
    const fresh = await startVertex();
    const before = seller.sold.length;
    seller.livesS = 1;
    for (const _ of [1, 2]) assert.equal((await post(fresh, '/v1/chat/completions', chat)).status, 200);
    seller.livesS = 3600;
    assert.equal(seller.sold.length, before + 2);
    await fresh.close();
  });

  it('is replaced once when it is refused, and the caller sees nothing of it', async () => {
    const stale = seller.sold[0];
    taken = (token) => token !== stale;
    const before = seller.sold.length;
    const response = await post(gateway, '/v1/chat/completions', chat);
    assert.equal(response.status, 200);
    assert.equal(seller.sold.length, before + 1);
    assert.equal(upstream.seen.length, 2);
    const record = await gateway.nextRecord();
    assert.deepEqual(
      record.attempts.map(({ state }) => state),
      ['success'],
    );
  });

  it('is not replaced without end, nor shown when the provider repeats it', async () => {
    taken = () => false;
    const fresh = await startVertex();
    const before = seller.sold.length;
    const response = await post(fresh, '/v1/chat/completions', chat);
    const text = await response.text();
    const record = JSON.stringify(await fresh.nextRecord());
    await fresh.close();
    assert.ok(response.status >= 400, String(response.status));
    assert.ok(seller.sold.length - before <= 2, String(seller.sold.length - before));
    assert.match(text, /\[secret\]/);
    for (const shown of [text, record]) assert.doesNotMatch(shown, /canary-token/);
  });

  it('is not sold to an account whose key is another’s, and the caller is told so', async () => {
    const other = await startTokenSeller(SCOPE);
    const file = JSON.parse(seller.keyFile) as object;
    const { private_key: key } = JSON.parse(other.keyFile) as { private_key: string };
    const account = readServiceAccount('vertex-1', JSON.stringify({ ...file, private_key: key }));
    assert.ok(account.ok);
    const providers = [{ providerId: 'vertex', baseUrl: `${upstream.url}${PROJECT}`, accounts: [account.value] }];
    const fresh = await startGateway(providers, { egressAllow: ['127.0.0.1'] });
    const response = await post(fresh, '/v1/chat/completions', chat);
    const text = await response.text();
    await fresh.close();
    await other.close();
    assert.match(text, /Google sells vertex-1 no token: invalid_grant/);
    assert.equal(upstream.seen.length, 0);
  });

  it('is asked for through the guarded way out', async () => {
    const account = readServiceAccount('vertex-1', seller.keyFile);
    assert.ok(account.ok);
    const baseUrl = `${upstream.url.replace('127.0.0.1', 'localhost')}${PROJECT}`;
    const fresh = await startGateway([{ providerId: 'vertex', baseUrl, accounts: [account.value] }]);
    const before = seller.sold.length;
    const response = await post(fresh, '/v1/chat/completions', chat);
    await fresh.close();
    assert.ok(response.status >= 400);
    assert.equal(seller.sold.length, before);
  });
});

describe('what passes through to Vertex', () => {
  it('carries a token, and another after one was refused', async () => {
    const fresh = await startVertex();
    const pass = (): Promise<Response> =>
      fetch(`${fresh.url}/pass/vertex/publishers/google/models/a:predict`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TEST_KEY}` },
        body: '{}',
      });
    assert.equal((await pass()).status, 200);
    const refused = seller.sold.at(-1);
    taken = (token) => token !== refused;
    const answer = await pass();
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /No \[secret\]/);
    assert.equal((await pass()).status, 200);
    await fresh.close();
  });
});
