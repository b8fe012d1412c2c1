import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '@patchbay/llm/model/json';

import { sendJson, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

const RESPONSE = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'gpt-5.4',
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'fine', annotations: [] }],
    },
  ],
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
};
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5.4',
  choices: [{ index: 0, message: { role: 'assistant', content: 'fine' }, finish_reason: 'stop' }],
};
const TOOL = { name: 'look', input_schema: { type: 'object' as const, properties: {} } };

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  // As OpenAI: with these models, function tools and an effort go together in the Responses API alone.
  upstream = await startUpstream((seen, response) => {
    const body = JSON.parse(seen.body.toString()) as JsonObject;
    if (seen.path.endsWith('/responses')) return sendJson(response, 200, RESPONSE);
    if (body['tools'] !== undefined && body['reasoning_effort'] !== undefined)
      return sendJson(response, 400, { error: { message: 'Use /v1/responses.', type: 'invalid_request_error' } });
    return sendJson(response, 200, CHAT);
  });
  gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'key-o')]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => void upstream.seen.splice(0));

for (const model of ['gpt-5.2', 'gpt-5.4', 'gpt-5.6'])
  it(`asks ${model} for thought beside tools where it has both, for a caller of another dialect`, async () => {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
    const said = await client.messages.create({
      model: `openai/${model}`,
      max_tokens: 20_000,
      thinking: { type: 'enabled', budget_tokens: 16_000 },
      tools: [TOOL],
      messages: [{ role: 'user', content: 'hi' }],
    });
    assert.deepEqual(said.content[0]?.type === 'text' && said.content[0].text, 'fine');
    const sent = JSON.parse(String(upstream.seen[0]?.body)) as JsonObject;
    assert.equal(upstream.seen[0]?.path, '/v1/responses');
    assert.equal((sent['reasoning'] as JsonObject)['effort'], 'high');
    assert.equal((sent['tools'] as readonly JsonObject[])[0]?.['name'], 'look');
    const { losses } = await gateway.nextRecord();
    assert.deepEqual(
      losses.filter((line) => /dropped/.test(line)),
      [],
    );
  });

it('leaves callers of Chat Completions their own bytes', async () => {
  const body = { model: 'openai/gpt-5.4', messages: [{ role: 'user', content: 'hi' }] };
  assert.equal((await post(gateway, '/v1/chat/completions', body)).status, 200);
  assert.equal(upstream.seen[0]?.path, '/v1/chat/completions');
  assert.equal((await gateway.nextRecord()).express, true);
});
