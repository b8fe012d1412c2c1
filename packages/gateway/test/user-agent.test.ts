import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';

import { sendJson, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from './support/test-gateway.ts';

const MESSAGES = [{ role: 'user', content: 'hi' }];

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream((_, response) => sendJson(response, 400, { error: { message: 'no' } }));
  gateway = await startGateway([
    provider('openai', `${upstream.url}/v1`, 'canary-openai'),
    provider('anthropic', `${upstream.url}/v1`, 'canary-anthropic'),
  ]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

it('is the product with its version, whatever is called', async () => {
  for (const [path, body] of [
    ['/v1/chat/completions', { model: 'openai/m', messages: MESSAGES }],
    ['/v1/messages', { model: 'openai/m', messages: MESSAGES, max_tokens: 5 }],
    ['/v1/messages', { model: 'anthropic/m', messages: MESSAGES, max_tokens: 5 }],
    ['/v1/embeddings', { model: 'openai/m', input: 'hi' }],
    ['/v1/images/generations', { model: 'openai/m', prompt: 'hi' }],
  ] as const)
    await post(gateway, path, body);
  assert.deepEqual(
    upstream.seen.map(({ headers }) => headers['user-agent']),
    Array.from({ length: 5 }, () => 'patchbay/test'),
  );
});
