import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, beforeEach, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { sendJson, startUpstream, type ScriptedUpstream } from './support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

const KEEP_ALIVE_MS = 60;
/** Long enough for several signs, whatever the machine is doing. */
const SILENCE_MS = 500;
const COMMENT = ': keep-alive\n\n';
const PING = 'event: ping\n';

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const PIECES = [chunk({ role: 'assistant', content: 'slow ' }), `${chunk({ content: 'answer' })}`] as const;
const END = `${chunk({}, 'stop')}data: [DONE]\n\n`;

let upstream: ScriptedUpstream;
let gateway: TestGateway;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'key-one', 'key-two')], {
    keepAliveMs: KEEP_ALIVE_MS,
  });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => (upstream.seen.length = 0));

/** An upstream that thinks before its first word and before every other one. */
const thinking: ScriptedUpstream['answer'] = async (_, response) => {
  await sleep(SILENCE_MS);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of [...PIECES, END]) {
    response.write(piece);
    await sleep(SILENCE_MS);
  }
  response.end();
};

const ASK = { model: 'openai/m', max_tokens: 50, stream: true, messages: [{ role: 'user' as const, content: 'hi' }] };

describe('a stream whose upstream is silent', () => {
  it('gives OpenAI’s client comments, before the first word and between words', async () => {
    upstream.answer = thinking;
    const text = await (await post(gateway, '/v1/chat/completions', ASK)).text();
    assert.ok(text.startsWith(COMMENT), text.slice(0, 80));
    const [before, between] = text.split(PIECES[0]);
    assert.ok((before?.split(COMMENT).length ?? 0) > 2);
    assert.ok(between?.split(PIECES[1])[0]?.includes(COMMENT));
    assert.equal(text.replaceAll(COMMENT, ''), PIECES.join('') + END);
    const record = await gateway.nextRecord();
    assert.equal(record.state, 'success');
    assert.ok(record.express);
  });

  it('gives Anthropic’s client pings', async () => {
    upstream.answer = thinking;
    const text = await (await post(gateway, '/v1/messages', ASK)).text();
    assert.ok(text.startsWith(PING), text.slice(0, 80));
    assert.ok(text.slice(text.indexOf('slow')).includes(PING));
    assert.equal((await gateway.nextRecord()).state, 'success');
  });

  it('is read by the official clients as if nothing had been there', async () => {
    upstream.answer = thinking;
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
    const said = await openai.chat.completions.stream({ ...ASK, stream: true }).finalContent();
    assert.equal(said, 'slow answer');
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
    const { stream: _, ...asked } = ASK;
    assert.equal(await anthropic.messages.stream(asked).finalText(), 'slow answer');
    await gateway.nextRecord();
    await gateway.nextRecord();
  });
});

describe('an answer that a silence has started', () => {
  it('still moves to another account', async () => {
    upstream.answer = async (request, response, number) => {
      if (number > 0) return thinking(request, response, number);
      await sleep(SILENCE_MS);
      return sendJson(response, 500, { error: { message: 'broken' } });
    };
    const text = await (await post(gateway, '/v1/chat/completions', ASK)).text();
    assert.equal(text.replaceAll(COMMENT, ''), PIECES.join('') + END);
    assert.deepEqual(
      (await gateway.nextRecord()).attempts.map(({ state }) => state),
      ['failed', 'success'],
    );
  });

  it('ends with the error event of the caller’s format when every account fails', async () => {
    upstream.answer = async (_, response) => {
      await sleep(SILENCE_MS);
      sendJson(response, 400, { error: { message: 'not like this', type: 'invalid_request_error' } });
    };
    const openai = await post(gateway, '/v1/chat/completions', ASK);
    assert.equal(openai.status, 200);
    assert.match(await openai.text(), /\ndata: \{"error":\{.*not like this.*\}\}\n\n$/);
    assert.equal((await gateway.nextRecord()).state, 'failed');
    const anthropic = await (await post(gateway, '/v1/messages', ASK)).text();
    assert.match(anthropic, /event: error\ndata: \{"type":"error".*not like this.*\n\n$/);
    await gateway.nextRecord();
  });
});

it('leaves whole answers alone', async () => {
  upstream.answer = async (_, response) => {
    await sleep(SILENCE_MS);
    sendJson(response, 500, { error: { message: 'broken' } });
  };
  assert.equal((await post(gateway, '/v1/chat/completions', { ...ASK, stream: false })).status, 500);
  await gateway.nextRecord();
});
