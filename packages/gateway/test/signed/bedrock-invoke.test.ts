import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import type { AwsCredential } from '@patchbay/llm/credentials/credential';
import { Secret } from '@patchbay/llm/credentials/secret';
import type { JsonObject } from '@patchbay/llm/model/json';
import { EventStreamCodec } from '@smithy/eventstream-codec';

import { asksOf, officialClients, QUESTION } from '../support/official-clients.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';
import { isSignedBy } from '../support/verify-sigv4.ts';

const REGION = 'eu-west-3';
const ACCOUNT = { accessKeyId: 'AKIACANARYONE', secretAccessKey: 'canary-secret-of-the-first' };
const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const HI = [{ role: 'user', content: 'hi' }];
const CREDENTIAL: AwsCredential = {
  kind: 'aws',
  id: 'bedrock-1',
  accessKeyId: ACCOUNT.accessKeyId,
  secretAccessKey: new Secret(ACCOUNT.secretAccessKey),
  region: REGION,
};

const CLAUDE = {
  id: 'msg_bdrk_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: `${QUESTION} ⇄ é` }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 7 },
};
const EVENTS: readonly (JsonObject & { readonly type: string })[] = [
  {
    type: 'message_start',
    message: { ...CLAUDE, content: [], stop_reason: null, usage: { input_tokens: 3, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: QUESTION } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' ⇄ é' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 3, outputTokenCount: 7 } },
];

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);
function message(name: string, payload: JsonObject, kind: 'event' | 'exception' = 'event'): Uint8Array {
  const text = (value: string) => ({ type: 'string' as const, value });
  const headers = { ':message-type': text(kind), [`:${kind}-type`]: text(name) };
  return codec.encode({ headers, body: Buffer.from(JSON.stringify(payload)) });
}
const chunk = (event: JsonObject): Uint8Array =>
  message('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abcdefgh' });

/** Sends messages in pieces that end anywhere. */
function sendMessages(response: ServerResponse, messages: readonly Uint8Array[]): void {
  const bytes = Buffer.concat(messages);
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  for (let at = 0; at < bytes.length; at += 61) response.write(bytes.subarray(at, at + 61));
  response.end();
}

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let messages: readonly Uint8Array[];

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([{ providerId: 'bedrock', baseUrl: upstream.url, accounts: [CREDENTIAL] }]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => {
  messages = EVENTS.map(chunk);
  upstream.seen.length = 0;
  upstream.answer = async (seen, response) => {
    if (!(await isSignedBy(ACCOUNT, REGION, seen))) return sendJson(response, 403, { message: 'Wrong signature.' });
    const body = JSON.parse(seen.body.toString()) as JsonObject;
    const foreign = Object.keys(body).find((name) => ['model', 'stream', 'thread'].includes(name));
    if (foreign !== undefined || body['anthropic_version'] !== 'bedrock-2023-05-31')
      return sendJson(response, 400, { message: `${foreign}: Extra inputs are not permitted` });
    if (seen.path.endsWith('/invoke')) return sendJson(response, 200, CLAUDE);
    return sendMessages(response, messages);
  };
});

const sent = (): JsonObject => JSON.parse(String(upstream.seen[0]?.body)) as JsonObject;
const anthropic = (): Anthropic => new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
const ask: Anthropic.MessageCreateParamsNonStreaming = {
  model: `bedrock/${MODEL}`,
  max_tokens: 50,
  messages: [{ role: 'user', content: 'hi' }],
};

describe('Claude at Bedrock, for callers of Anthropic’s dialect', () => {
  for (const stream of [false, true])
    it(`answers the official client in Anthropic’s own words, ${stream ? 'streamed' : 'whole'}`, async () => {
      const said = await asksOf(officialClients(gateway.url))['anthropic-messages']?.(
        `bedrock/${MODEL}`,
        false,
        stream,
      );
      assert.equal(said?.text, `${QUESTION} ⇄ é`);
      const [seen] = upstream.seen;
      const path = `/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke`;
      assert.equal(seen?.path, stream ? `${path}-with-response-stream` : path);
      assert.equal(seen?.headers.accept, stream ? 'application/vnd.amazon.eventstream' : 'application/json');
      const record = await gateway.nextRecord();
      assert.deepEqual([record.state, record.express, record.losses], ['success', false, []]);
      assert.deepEqual([record.attempts[0]?.usage?.outputTokens, record.attempts[0]?.usage?.estimated], [7, false]);
    });

  it('sends the caller’s members byte for byte, but for those that Amazon wants elsewhere', async () => {
    const kept = '"max_tokens":1.50e1,"messages":[ {"role":"user","content":"\\u0068i"} ],"new_member":{"a" : 1}';
    const body = `{ "stream" : false, "max_tokens": 1.50e1,"messages": [ {"role":"user","content":"\\u0068i"} ],
      "model" : ${JSON.stringify(`bedrock/${MODEL}`)}, "new_member": {"a" : 1} , "anthropic_version":"x" }`;
    assert.equal((await post(gateway, '/v1/messages?beta=true', body)).status, 200);
    await gateway.nextRecord();
    assert.equal(upstream.seen[0]?.body.toString(), `{"anthropic_version":"bedrock-2023-05-31",${kept}}`);
    assert.doesNotMatch(upstream.seen[0]?.path ?? '', /beta/);
  });

  it('re-frames each event and changes nothing in it', async () => {
    const text = await (await post(gateway, '/v1/messages', { ...ask, stream: true })).text();
    await gateway.nextRecord();
    assert.equal(text, EVENTS.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
  });

  it('names in the body the betas that Amazon takes, and tells which it does not', async () => {
    const betas = 'interleaved-thinking-2025-05-14, claude-code-20250219';
    const body = { ...ask, anthropic_beta: ['context-1m-2025-08-07'] };
    const response = await post(gateway, '/v1/messages', body, { 'anthropic-beta': betas });
    assert.equal(response.status, 200);
    assert.deepEqual(sent()['anthropic_beta'], ['interleaved-thinking-2025-05-14', 'context-1m-2025-08-07']);
    assert.equal(upstream.seen[0]?.headers['anthropic-beta'], undefined);
    assert.equal(response.headers.get('x-patchbay-losses'), 'headers.anthropic-beta;dropped');
    const { losses } = await gateway.nextRecord();
    assert.deepEqual(losses, ['headers.anthropic-beta: the beta `claude-code-20250219` (dropped)']);
    const strict = { 'anthropic-beta': betas, 'x-patchbay-strict': 'true' };
    assert.equal((await post(gateway, '/v1/messages', body, strict)).status, 400);
    await gateway.nextRecord();
  });

  it('declines threads in the words that make a client send the whole conversation', async () => {
    const response = await post(gateway, '/v1/messages', { ...ask, thread: { id: 'a' } });
    assert.match(await response.text(), /thread_unsupported_request/);
    assert.equal(upstream.seen.length, 0);
    await gateway.nextRecord();
  });
});

describe('what goes wrong with Claude at Bedrock', () => {
  it('is refused in Anthropic’s words', async () => {
    upstream.answer = (_, response) =>
      sendJson(response, 400, { message: 'bad' }, { 'x-amzn-errortype': 'ValidationException' });
    const refused = await anthropic()
      .messages.create(ask)
      .catch((error: unknown) => error);
    await gateway.nextRecord();
    assert.ok(refused instanceof Anthropic.BadRequestError);
    assert.equal(refused.type, 'invalid_request_error');
    assert.match(refused.message, /bad/);
  });

  for (const [exception, type] of [
    ['throttlingException', 'rate_limit_error'],
    ['modelStreamErrorException', 'api_error'],
  ] as const)
    it(`is an error event after the first words, for ${exception}`, async () => {
      messages = [...EVENTS.slice(0, 4).map(chunk), message(exception, { message: 'no more' }, 'exception')];
      const text = await (await post(gateway, '/v1/messages', { ...ask, stream: true })).text();
      assert.match(text, new RegExp(`event: error\\ndata: .*"${type}".*no more`));
      assert.equal((await gateway.nextRecord()).state, 'failed');
    });

  it('is told where the bytes contradict their checksums', async () => {
    const broken = Buffer.from(chunk(EVENTS[4] as JsonObject));
    broken[broken.length - 6] = (broken[broken.length - 6] ?? 0) ^ 1;
    messages = [...EVENTS.slice(0, 4).map(chunk), broken, chunk(EVENTS[5] as JsonObject)];
    const text = await (await post(gateway, '/v1/messages', { ...ask, stream: true })).text();
    assert.match(text, /damaged on its way/);
    assert.equal((await gateway.nextRecord()).attempts[0]?.failureKind, 'protocol');
  });

  it('is an error event where the stream ends before its last word', async () => {
    messages = EVENTS.slice(0, 5).map(chunk);
    const text = await (await post(gateway, '/v1/messages', { ...ask, stream: true })).text();
    assert.match(text, /event: error\n/);
    assert.equal((await gateway.nextRecord()).state, 'failed');
  });
});

describe('Claude at Bedrock, for callers of other dialects or by its address', () => {
  for (const [path, model] of [
    ['/v1/chat/completions', MODEL],
    ['/v1/messages', `arn:aws:bedrock:eu-west-3:1:inference-profile/${MODEL}`],
  ] as const)
    it(`is asked by Converse: ${path} ${model}`, async () => {
      await post(gateway, path, { model: `bedrock/${model}`, max_tokens: 5, messages: HI });
      await gateway.nextRecord();
      assert.match(upstream.seen[0]?.path ?? '', /\/converse$/);
    });
});
