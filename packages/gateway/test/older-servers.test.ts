import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { sendJson, sendSse, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

// Servers behind a base URL of the operator's own that know fewer addresses than today's records say.

const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const STREAM = `${chunk({ role: 'assistant', content: 'fine' }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`;

/** What servers say of an address that they do not know. */
const UNKNOWN_ADDRESS: Readonly<Record<string, (path: string) => string>> = {
  FastAPI: () => '{"detail":"Not Found"}',
  'LM Studio': (path) => JSON.stringify({ error: `Unexpected endpoint or method. (POST ${path})` }),
  'llama.cpp': () => '{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}',
  Go: () => '404 page not found\n',
  Express: (path) => `<!DOCTYPE html><html><body><pre>Cannot POST ${path}</pre></body></html>`,
};

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let unknown = UNKNOWN_ADDRESS['FastAPI'] as (path: string) => string;

/** Chats alone. */
const older: ScriptedUpstream['answer'] = ({ path }, response) => {
  if (path.endsWith('/chat/completions')) sendSse(response, STREAM);
  else sendJson(response, 404, unknown(path));
};
const paths = (): readonly string[] => upstream.seen.map(({ path }) => path);

const asked = async (): Promise<string> => {
  const stream = openai.responses.stream({ model: 'vllm/m', input: 'go' });
  return (await stream.finalResponse()).output_text;
};

before(async () => {
  upstream = await startUpstream(older);
});
beforeEach(async () => {
  upstream.seen.length = 0;
  upstream.answer = older;
  unknown = UNKNOWN_ADDRESS['FastAPI'] as typeof unknown;
  await gateway?.close();
  gateway = await startGateway([provider('vllm', upstream.url, 'k'), provider('openai', upstream.url, 'k')]);
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});

describe('a server that knows chats alone', () => {
  for (const [server, text] of Object.entries(UNKNOWN_ADDRESS))
    it(`is asked in chats, and remembered, where it says so as ${server} does`, async () => {
      unknown = text;
      assert.equal(await asked(), 'fine');
      assert.deepEqual(paths(), ['/responses', '/chat/completions']);
      assert.equal(await asked(), 'fine');
      assert.deepEqual(paths().slice(2), ['/chat/completions']);
    });

  it('serves Anthropic’s clients too, as one attempt with one answer', async () => {
    const message = await anthropic.messages
      .stream({ model: 'openai/gpt-5.2', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] })
      .finalMessage();
    assert.deepEqual(
      message.content.map((block) => (block.type === 'text' ? block.text : block.type)),
      ['fine'],
    );
    const { attempts } = await gateway.nextRecord();
    assert.deepEqual(
      attempts.map(({ state, status }) => [state, status]),
      [['success', 200]],
    );
  });
});

describe('a refusal that is about the request', () => {
  const refused = async (status: number, body: unknown): Promise<number | undefined> => {
    upstream.answer = (_, response) => sendJson(response, status, body);
    const failure: unknown = await asked().catch((error: unknown) => error);
    assert.ok(failure instanceof OpenAI.APIError);
    return failure.status;
  };

  for (const [what, body] of Object.entries({
    'an unknown model': { error: { message: 'The model `m` does not exist', type: 'NotFoundError', code: 404 } },
    'an unknown answer': {
      error: { message: 'Not found.', type: 'invalid_request_error', param: 'previous_response_id' },
    },
  }))
    it(`of ${what} is told as it is`, async () => {
      assert.equal(await refused(404, body), 404);
      assert.deepEqual(paths(), ['/responses']);
    });

  it('is not looked for in other statuses', async () => {
    assert.equal(await refused(400, { detail: 'Bad Request' }), 400);
    assert.deepEqual(paths(), ['/responses']);
  });

  it('is all there is behind a wrong base URL, so that no format is taken for missing', async () => {
    const all = ['/responses', '/chat/completions', '/messages'];
    assert.equal(await refused(404, { detail: 'Not Found' }), 404);
    assert.deepEqual(paths(), all);
    assert.equal(await refused(404, { detail: 'Not Found' }), 404);
    assert.deepEqual(paths(), [...all, ...all]);
  });
});
