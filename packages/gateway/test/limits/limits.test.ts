import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { startUpstream, sendJson, sendSse, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import type { TestGateway } from '../support/test-gateway.ts';
import { keyWith, startLimited } from './limited-gateway.ts';

const CHAT = {
  model: 'openai/gpt-5',
  max_completion_tokens: 100,
  messages: [{ role: 'user' as const, content: 'hi' }],
};
const ANSWER = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
};
/** 1,000 tokens at $1.25 and 100 at $10 a million. */
const ANSWER_NANO_USD = 2_250_000;
const CHUNK = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-5', choices: [{ index: 0, delta: { role: 'assistant', content: 'hello there' }, finish_reason: null }] })}\n\n`;

describe('a key with limits', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway | undefined;
  const open = async (...callers: Parameters<typeof startLimited>[1][number][]): Promise<TestGateway> =>
    (gateway = await startLimited(`${upstream.url}/v1`, callers));
  const openai = (key: string): OpenAI => new OpenAI({ baseURL: `${gateway?.url}/v1`, apiKey: key, maxRetries: 0 });
  const refusal = (asked: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> =>
    asked.then(
      () => assert.fail('The call was admitted.'),
      (error: unknown) => error as InstanceType<typeof OpenAI.APIError>,
    );

  before(async () => {
    upstream = await startUpstream(() => undefined);
  });
  after(() => upstream.close());
  afterEach(async () => {
    await gateway?.close();
    gateway = undefined;
    upstream.seen.length = 0;
  });
  const answering = (): void => {
    upstream.answer = (_, response) => sendJson(response, 200, ANSWER);
  };

  it('is told which limit refused a call and when the next may pass, by OpenAI’s client', async () => {
    answering();
    await open(keyWith('k1', { requestsPerMinute: 2 }), keyWith('k2', { requestsPerMinute: 2 }));
    for (let each = 0; each < 2; each += 1) await openai('k1').chat.completions.create(CHAT);
    const error = await refusal(openai('k1').chat.completions.create(CHAT));
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.code, 'rate_limit_exceeded');
    assert.match(error.message, /The limit of this key is 2 requests a minute; 2 are used\. Try again in \d+ s\./);
    const wait = Number(error.headers?.get('retry-after'));
    assert.ok(wait > 50 && wait <= 63, String(wait));
    assert.equal(error.headers?.get('x-ratelimit-limit-requests'), '2');
    assert.equal(error.headers?.get('x-ratelimit-remaining-requests'), '0');
    assert.match(error.headers?.get('x-ratelimit-reset-requests') ?? '', /^\d+s$/);
    assert.equal(upstream.seen.length, 2);
    assert.equal(gateway?.records.at(-1)?.refusedBy, 'key requests a minute');
    assert.equal((await openai('k2').chat.completions.create(CHAT)).id, 'chatcmpl-1');
  });

  it('reads the same in Anthropic’s words and headers', async () => {
    answering();
    await open(keyWith('k1', { requestsPerDay: 1 }));
    await openai('k1').chat.completions.create(CHAT);
    const client = new Anthropic({ baseURL: gateway?.url ?? '', apiKey: 'k1', maxRetries: 0 });
    const error = await client.messages
      .create({ model: 'openai/gpt-5', max_tokens: 100, messages: CHAT.messages })
      .then(
        () => assert.fail(),
        (each: unknown) => each as InstanceType<typeof Anthropic.APIError>,
      );
    assert.ok(error instanceof Anthropic.RateLimitError);
    assert.match(error.message, /1 requests a day/);
    assert.equal(error.headers.get('anthropic-ratelimit-requests-limit'), '1');
    assert.ok(Date.parse(error.headers.get('anthropic-ratelimit-requests-reset') ?? '') > Date.now());
  });

  it('pays what an answer did use, and is out of quota when its budget is spent', async () => {
    answering();
    await open(keyWith('k1', { budgetNanoUsd: 2 * ANSWER_NANO_USD }));
    const { response } = await openai('k1').chat.completions.create(CHAT).withResponse();
    assert.equal(response.headers.get('x-patchbay-cost'), '0.002250000');
    await openai('k1').chat.completions.create(CHAT);
    const error = await refusal(openai('k1').chat.completions.create(CHAT));
    assert.equal(error.status, 429);
    assert.equal(error.code, 'insufficient_quota');
    assert.equal(error.headers?.get('x-should-retry'), 'false');
    assert.match(
      error.message,
      /The budget of this key is \$0\.0045; \$0\.0045 are spent.*It begins anew at \d{4}-\d\d-01T/,
    );
    assert.deepEqual(
      gateway?.records.map(({ attempts }) => [attempts[0]?.costNanoUsd, attempts[0]?.costState]),
      [
        [ANSWER_NANO_USD, 'known'],
        [ANSWER_NANO_USD, 'known'],
        [undefined, undefined],
      ],
    );
  });

  it('gets back what calls reserved that failed', async () => {
    upstream.answer = (_, response) => sendJson(response, 400, { error: { message: 'no' } });
    await open(keyWith('k1', { requestsPerMinute: 1, callsAtOnce: 1 }));
    for (let each = 0; each < 3; each += 1)
      assert.equal((await refusal(openai('k1').chat.completions.create(CHAT))).status, 400);
    assert.equal(upstream.seen.length, 3);
  });

  it('reserves once for a call that is tried twice', async () => {
    upstream.answer = (_, response, number) =>
      number === 0 ? sendJson(response, 503, { error: { message: 'busy' } }) : sendJson(response, 200, ANSWER);
    await open(keyWith('k1', { requestsPerMinute: 2 }));
    await openai('k1').chat.completions.create(CHAT);
    assert.equal(upstream.seen.length, 2);
    await openai('k1').chat.completions.create(CHAT);
    assert.equal((await refusal(openai('k1').chat.completions.create(CHAT))).status, 429);
  });

  it('pays for a stream that it leaves, as far as it can be told', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(CHUNK);
    };
    const running = await open(keyWith('k1', { callsAtOnce: 1, budgetNanoUsd: 1_000_000_000 }));
    const stream = await openai('k1').chat.completions.create({ ...CHAT, stream: true });
    const [, busy] = [
      await stream[Symbol.asyncIterator]().next(),
      await refusal(openai('k1').chat.completions.create(CHAT)),
    ];
    assert.match(busy.message, /1 calls at once/);
    stream.controller.abort();
    let record = await running.nextRecord();
    if (record.refusedBy !== undefined) record = await running.nextRecord();
    assert.equal(record.state, 'cancelled');
    assert.equal(record.attempts[0]?.usage?.estimated, true);
    assert.ok((record.attempts[0]?.costNanoUsd ?? 0) > 0);
    answering();
    await openai('k1').chat.completions.create(CHAT);
  });

  it('is told of a soft budget and refused nothing', async () => {
    answering();
    await open(keyWith('k1', { softBudgetNanoUsd: ANSWER_NANO_USD }));
    const soft = async (): Promise<string | null> =>
      (await openai('k1').chat.completions.create(CHAT).withResponse()).response.headers.get('x-patchbay-soft-budget');
    assert.equal(await soft(), null);
    assert.equal(await soft(), 'key; spent=$0.00225; budget=$0.00225');
    assert.equal(gateway?.records.at(-1)?.softBudget, 'key');
  });

  it('is refused models without a price where its limits say so, and served them where they do not', async () => {
    answering();
    const budget = { budgetNanoUsd: 1_000_000_000 };
    await open(keyWith('strict', { ...budget, unknownPrice: 'refuse' }), keyWith('lax', budget));
    const chat = { ...CHAT, model: 'openai/nobody-prices-this' };
    const error = await refusal(openai('strict').chat.completions.create(chat));
    assert.equal(error.status, 403);
    assert.match(error.message, /Nobody knows what `openai\/nobody-prices-this` costs/);
    const { response } = await openai('lax').chat.completions.create(chat).withResponse();
    assert.equal(response.headers.get('x-patchbay-cost'), 'unknown');
    assert.equal(gateway?.records.at(-1)?.attempts[0]?.costState, 'unknown');
  });

  it('counts embeddings, requests that pass as they are, and answers in the background', async () => {
    upstream.answer = (seen, response) =>
      seen.path.endsWith('/embeddings')
        ? sendJson(response, 200, {
            object: 'list',
            data: [],
            model: 'text-embedding-3-small',
            usage: { prompt_tokens: 5, total_tokens: 5 },
          })
        : sendJson(response, 200, ANSWER);
    await open(keyWith('k1', { requestsPerMinute: 1 }), keyWith('k2', { requestsPerMinute: 1 }));
    const embeddings = { model: 'openai/text-embedding-3-small', input: 'hi', encoding_format: 'float' as const };
    await openai('k1').embeddings.create(embeddings);
    const pass = (key: string): Promise<Response> =>
      fetch(`${gateway?.url}/pass/openai/models`, { headers: { authorization: `Bearer ${key}` } });
    assert.equal((await refusal(openai('k1').embeddings.create(embeddings))).status, 429);
    assert.equal((await pass('k1')).status, 429);
    assert.equal((await pass('k2')).status, 200);
    const background = openai('k2').responses.create({ model: 'openai/gpt-5', input: 'hi', background: true });
    assert.equal((await refusal(background)).status, 429);
  });

  it('is not told that its call is too large because of what it might be answered', async () => {
    answering();
    await open(keyWith('k1', { tokensPerMinute: 1100 }));
    await openai('k1').chat.completions.create({ ...CHAT, max_completion_tokens: 100_000 });
    const error = await refusal(openai('k1').chat.completions.create(CHAT));
    assert.match(error.message, /1,100 tokens a minute; 1,100 are used/);
    const long = { ...CHAT, messages: [{ role: 'user' as const, content: 'word '.repeat(2000) }] };
    const tooLong = await refusal(openai('k1').chat.completions.create(long));
    assert.equal(tooLong.code, 'context_length_exceeded');
    assert.match(tooLong.message, /this call alone has about/);
  });

  it('may go on streaming within its limits', async () => {
    upstream.answer = (_, response) => sendSse(response, `${CHUNK}data: [DONE]\n\n`);
    await open(keyWith('k1', { tokensPerMinute: 100_000 }));
    const stream = await openai('k1').chat.completions.create({ ...CHAT, stream: true });
    let text = '';
    for await (const each of stream) text += each.choices[0]?.delta.content ?? '';
    assert.equal(text, 'hello there');
  });
});
