import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { PROVIDERS } from '@patchbay/llm/providers/registry';

import { asksOf, DIALECTS, officialClients, QUESTION } from '../support/official-clients.ts';
import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from '../support/test-gateway.ts';

const ANSWER = {
  response: {
    candidates: [{ content: { role: 'model', parts: [{ text: QUESTION }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 3, totalTokenCount: 6 },
    modelVersion: 'gemini-2.5-flash',
    responseId: 'from-antigravity',
  },
  traceId: 'trace',
};
const CHAT = { model: 'antigravity/gemini-2.5-flash', messages: [{ role: 'user', content: 'hi' }] };

let hosts: readonly ScriptedUpstream[] = [];
let gateway: TestGateway;
const answerWell: ScriptedUpstream['answer'] = ({ path }, response) =>
  path.includes('alt=sse')
    ? sendSse(response, `data: ${JSON.stringify(ANSWER)}\r\n\r\n`)
    : sendJson(response, 200, ANSWER);

before(async () => {
  hosts = await Promise.all([startUpstream(answerWell), startUpstream(answerWell), startUpstream(answerWell)]);
  const [baseUrl = '', ...fallbackUrls] = hosts.map(({ url }) => url);
  const { providerId, accounts } = provider('antigravity', '', 'canary-token');
  gateway = await startGateway(
    [{ providerId, accounts, variables: { ANTIGRAVITY_PROJECT: 'my-project' } }],
    { egressAllow: ['127.0.0.1'] },
    { records: [{ ...PROVIDERS.antigravity, baseUrl, fallbackUrls }] },
  );
});
after(async () => {
  await gateway.close();
  for (const host of hosts) await host.close();
});
beforeEach(() => {
  for (const host of hosts) {
    host.seen.length = 0;
    host.answer = answerWell;
  }
});

const seenBy = (): readonly number[] => hosts.map(({ seen }) => seen.length);

describe('Antigravity', () => {
  for (const format of DIALECTS)
    for (const model of ['gemini-2.5-flash', 'claude-sonnet-4-5'])
      for (const stream of [false, true])
        it(`answers the official client of ${format} for ${model}, ${stream ? 'streamed' : 'whole'}`, async () => {
          const ask = asksOf(officialClients(gateway.url))[format];
          assert.equal((await ask?.(`antigravity/${model}`, false, stream))?.text, QUESTION);
          assert.equal((await gateway.nextRecord()).attempts[0]?.usage?.outputTokens, 3);
          const seen = hosts[0]?.seen[0];
          const streams = stream || model.startsWith('claude-');
          assert.equal(seen?.path, `/v1internal:${streams ? 'streamGenerateContent?alt=sse' : 'generateContent'}`);
          assert.equal(seen?.headers.authorization, 'Bearer canary-token');
          const { request, ...envelope } = JSON.parse(String(seen?.body)) as { request: { contents: unknown } };
          assert.deepEqual(envelope, { project: 'my-project', model });
          assert.ok(Array.isArray(request.contents));
        });
});

describe('hosts in their order', () => {
  it('are asked one after another until one serves the request', async () => {
    for (const host of hosts.slice(0, 2))
      host.answer = (_, response) => sendJson(response, 503, { error: { code: 503 } });
    assert.equal((await post(gateway, '/v1/chat/completions', CHAT)).status, 200);
    assert.deepEqual(seenBy(), [1, 1, 1]);
    const { attempts } = await gateway.nextRecord();
    assert.equal(attempts.length, 1);
  });

  it('give way when they close the connection', async () => {
    const [first] = hosts;
    assert.ok(first);
    first.answer = (_, response) => void response.destroy();
    assert.equal((await post(gateway, '/v1/chat/completions', { ...CHAT, stream: true })).status, 200);
    assert.equal(hosts[1]?.seen.length, 1);
    assert.equal(hosts[2]?.seen.length, 0);
    await gateway.nextRecord();
  });

  it('are not asked again for what every host would refuse', async () => {
    for (const status of [400, 401]) {
      for (const host of hosts) {
        host.seen.length = 0;
        host.answer = (_, response) => sendJson(response, status, { error: { code: status, message: 'no' } });
      }
      assert.ok((await post(gateway, '/v1/chat/completions', CHAT)).status >= 400);
      assert.deepEqual(seenBy(), [1, 0, 0]);
      await gateway.nextRecord();
    }
  });

  it('let the last one’s refusal stand', async () => {
    hosts.forEach((host, at) => {
      host.answer = (_, response) => sendJson(response, 404, { error: { code: 404, message: `host ${at}` } });
    });
    const response = await post(gateway, '/v1/chat/completions', CHAT);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /host 2/);
    assert.deepEqual(seenBy(), [1, 1, 1]);
    await gateway.nextRecord();
  });
});
