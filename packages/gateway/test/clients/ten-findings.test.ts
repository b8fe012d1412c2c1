import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { recordedEvents } from '@patchbay/llm/testing/join-stream';
import { arrayOf, objectOf } from '@patchbay/llm/wire/read';
import OpenAI from 'openai';

import { asksWeather, says, USAGE, WEATHER } from '../conformance/features/material.ts';
import type { Answer } from '../conformance/scenario.ts';
import { UPSTREAMS } from '../conformance/sides.ts';
import type { UpstreamSide } from '../conformance/upstreams/upstream.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

/** Long before the first word of an upstream that thinks. */
const KEEP_ALIVE_MS = 30;
const CHAT = sideOf('openai-chat');
const CLAUDE = sideOf('anthropic-messages');

/** Where each dialect is asked, for a stream, and what it is asked. */
const ASKS: Readonly<Record<string, (model: string) => readonly [path: string, body: JsonObject]>> = {
  'openai-chat': (model) => [
    '/v1/chat/completions',
    { model, stream: true, messages: [{ role: 'user', content: 'hi' }] },
  ],
  'openai-responses': (model) => ['/v1/responses', { model, stream: true, store: false, input: 'hi' }],
  'anthropic-messages': (model) => [
    '/v1/messages',
    { model, stream: true, max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] },
  ],
  gemini: (model) => [
    `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
  ],
};
/** A model whose provider speaks another dialect than the caller. */
const foreignModel = (dialect: string): string => (dialect === 'anthropic-messages' ? 'groq/m' : 'anthropic/m');

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startUpstream(() => undefined);
  gateway = await startGateway(
    ['openai', 'anthropic', 'groq'].map((id) => provider(id, `${upstream.url}/v1`, `${id}-key`)),
    { keepAliveMs: KEEP_ALIVE_MS },
  );
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => (upstream.seen.length = 0));

function sideOf(id: string): UpstreamSide {
  const side = UPSTREAMS.find((each) => each.id === id);
  assert.ok(side !== undefined);
  return side;
}

/** The upstream gives these answers one after another, in the dialect that it is asked in. */
function answers(...all: readonly Answer[]): void {
  upstream.answer = ({ path, body }, response, number) => {
    const side = path.endsWith('/messages') ? CLAUDE : CHAT;
    const asked = JSON.parse(body.toString()) as JsonObject;
    const answer = all[Math.min(number, all.length - 1)] ?? says('');
    const wire = asked['stream'] === true ? side.stream(answer, `f${number}`) : side.whole(answer, `f${number}`);
    response.writeHead(200, { 'content-type': wire.type });
    response.end(wire.body);
  };
}

const askStream = async (dialect: string): Promise<string> => {
  const [path, body] = ASKS[dialect]!(foreignModel(dialect));
  return (await post(gateway, path, body)).text();
};

describe('finding 1: GET /v1/models is three interfaces, told apart by their headers', () => {
  const SHAPES: readonly (readonly [string, Record<string, string>, string, string])[] = [
    ['Google’s', { 'x-goog-api-key': TEST_KEY }, 'models', 'name'],
    ['Anthropic’s', { authorization: `Bearer ${TEST_KEY}`, 'anthropic-version': '2026-10-21' }, 'data', 'display_name'],
    ['OpenAI’s', { authorization: `Bearer ${TEST_KEY}` }, 'data', 'object'],
  ];
  for (const [name, headers, list, member] of SHAPES)
    it(`is ${name} for its client, as a list and one by one`, async () => {
      const ask = async (path: string): Promise<JsonObject> =>
        (await (await fetch(gateway.url + path, { headers })).json()) as JsonObject;
      const [first] = arrayOf((await ask('/v1/models'))[list]);
      assert.ok(member in (objectOf(first) ?? {}), JSON.stringify(first));
      assert.ok(member in (await ask('/v1/models/simulator/echo')));
    });
});

describe('finding 2: the header of the key does not say which protocol it is', () => {
  const [path, body] = ASKS['anthropic-messages']!('groq/m');
  for (const name of ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', '?key='])
    it(`is taken in ${name}`, async () => {
      answers(says('hi'));
      const query = name === '?key=' ? `?key=${TEST_KEY}` : '';
      const value = name === 'authorization' ? `Bearer ${TEST_KEY}` : TEST_KEY;
      const headers = { 'anthropic-version': '2026-10-21', ...(query === '' && { [name]: value }) };
      const response = await fetch(gateway.url + path + query, { method: 'POST', headers, body: JSON.stringify(body) });
      assert.equal(response.status, 200, await response.text());
    });

  it('goes with system messages among the others', async () => {
    answers(says('hi'));
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'go on' },
    ];
    const response = await post(gateway, path, { ...body, messages });
    assert.equal(response.status, 200, await response.text());
    assert.match(upstream.seen[0]?.body.toString() ?? '', /Be brief\./);
  });
});

it('finding 3: a thread is declined so that the SDK sends the whole conversation and ends its tool loop', async () => {
  answers(asksWeather('Oslo'), says('Snow.'));
  const tool = {
    name: WEATHER.name,
    description: WEATHER.description,
    input_schema: { ...WEATHER.parameters, type: 'object' as const },
    parse: (input: unknown) => input,
    run: () => 'snow',
  };
  const runner = anthropic.beta.messages.toolRunner({
    model: 'groq/m',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Weather in Oslo?' }],
    tools: [tool as never],
  });
  const last = await runner;
  assert.deepEqual(
    last.content.map((block) => (block.type === 'text' ? block.text : block.type)),
    ['Snow.'],
  );
  assert.equal(upstream.seen.length, 2);
});

it('finding 4: tools hidden in the input are called under their namespace', async () => {
  answers({ calls: [{ name: 'exec', input: { input: 'ls' } }], finish: 'tools', usage: USAGE });
  const exec = { type: 'custom', name: 'exec', description: 'Runs.', format: { type: 'text' } };
  const response = await post(gateway, '/v1/responses', {
    model: 'groq/m',
    store: false,
    input: [
      {
        type: 'additional_tools',
        role: 'developer',
        tools: [{ type: 'namespace', name: 'functions', description: 'All.', tools: [exec] }],
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List it.' }] },
    ],
  });
  const { output } = (await response.json()) as { output: readonly JsonObject[] };
  const asked = JSON.parse(upstream.seen[0]?.body.toString() ?? '{}') as JsonObject;
  assert.equal(arrayOf(asked['tools']).length, 1);
  const [call] = output;
  assert.deepEqual(
    [call?.['type'], call?.['name'], call?.['namespace'], call?.['input']],
    ['custom_tool_call', 'exec', 'functions', 'ls'],
  );
});

describe('finding 5: a legal last event comes whatever the upstream does', () => {
  const LAST: Readonly<Record<string, RegExp>> = {
    'openai-chat': /^data: \{"error":\{/,
    'openai-responses': /"type":"response\.failed"/,
    'anthropic-messages': /^event: error\n/,
    gemini: /^data: \{"error":\{"code":\d{3}/,
  };
  for (const [dialect, last] of Object.entries(LAST))
    it(`to a caller of ${dialect} whose upstream is cut`, async () => {
      upstream.answer = ({ path }, response) => {
        const { type, begun } = (path.endsWith('/messages') ? CLAUDE : CHAT).begin('Hal');
        response.writeHead(200, { 'content-type': type });
        response.write(begun, () => setImmediate(() => response.destroy()));
      };
      const frames = (await askStream(dialect)).trim().split('\n\n');
      assert.match(frames.at(-1) ?? '', last);
    });

  it('with usage in response.completed, although the upstream told none', async () => {
    upstream.answer = (_, response) => {
      const { type, body } = CHAT.stream(says('hi'), 'u');
      response.writeHead(200, { 'content-type': type });
      response.end(body.toString().replace(/data: \{[^\n]*"choices":\[\],[^\n]*\n\n/, ''));
    };
    const response = await post(gateway, '/v1/responses', { model: 'groq/m', stream: true, store: false, input: 'hi' });
    const completed = recordedEvents(await response.text()).at(-1);
    const usage = objectOf(objectOf(completed?.['response'])?.['usage']);
    assert.equal(completed?.['type'], 'response.completed');
    assert.equal(typeof usage?.['input_tokens'], 'number');
    assert.equal(typeof usage?.['output_tokens'], 'number');
  });
});

describe('finding 6: nothing foreign stands in a stream', () => {
  const slow = (): void => {
    upstream.answer = async ({ path }, response) => {
      const { type, body } = (path.endsWith('/messages') ? CLAUDE : CHAT).stream(says('hi'), 's');
      await new Promise((resolve) => setTimeout(resolve, 5 * KEEP_ALIVE_MS));
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    };
  };

  it('of Gemini: only data, no comments, no names, no [DONE], even while the upstream is silent', async () => {
    slow();
    const text = await askStream('gemini');
    for (const frame of text.trim().split(/\r?\n\r?\n/)) assert.match(frame, /^data: \{[^\n]*\}$/);
  });

  for (const dialect of ['openai-chat', 'openai-responses'])
    it(`of ${dialect}: comments keep it alive and no event is called ping`, async () => {
      slow();
      const text = await askStream(dialect);
      assert.match(text, /^: /);
      assert.doesNotMatch(text, /event: ping/);
    });
});

describe('finding 7: embeddings are in base64 unless the client says otherwise', () => {
  const VECTOR = [0.25, -0.5, 1];
  const BASE64 = Buffer.from(Float32Array.from(VECTOR).buffer).toString('base64');
  const answering = (embedding: Json): void => {
    upstream.answer = (_, response) =>
      sendJson(response, 200, {
        object: 'list',
        model: 'm',
        data: [{ object: 'embedding', index: 0, embedding }],
        usage: { prompt_tokens: 1, total_tokens: 1 },
      });
  };
  const raw = async (encoding: string): Promise<Json | undefined> => {
    const response = await post(gateway, '/v1/embeddings', {
      model: 'openai/m',
      input: 'a',
      encoding_format: encoding,
    });
    return objectOf(arrayOf(((await response.json()) as JsonObject)['data'])[0])?.['embedding'];
  };

  it('as the official client reads them from a provider of numbers', async () => {
    answering(VECTOR);
    const { data } = await openai.embeddings.create({ model: 'openai/m', input: 'a' });
    assert.deepEqual(data[0]?.embedding, VECTOR);
  });
  it('from a provider of numbers', async () => {
    answering(VECTOR);
    assert.equal(await raw('base64'), BASE64);
  });
  it('and in numbers from a provider of base64', async () => {
    answering(BASE64);
    assert.deepEqual(await raw('float'), VECTOR);
  });
});

it('finding 8: ids are there and stay the same from event to event', async () => {
  answers({ ...asksWeather('Oslo'), text: 'Let me look.', thought: { text: 'Hm.' } });
  const events = recordedEvents(await askStream('openai-responses'));
  const ids = new Map<Json | undefined, Set<Json | undefined>>();
  const note = (key: string, id: Json | undefined): void => {
    assert.ok(typeof id === 'string' && id !== '', key);
    ids.set(key, (ids.get(key) ?? new Set()).add(id));
  };
  for (const event of events) {
    const response = objectOf(event['response']);
    if (response !== undefined) note('response', response['id']);
    if (event['output_index'] === undefined) continue;
    const item = objectOf(event['item']);
    note(`item ${JSON.stringify(event['output_index'])}`, item?.['id'] ?? event['item_id']);
    if (item?.['call_id'] !== undefined) note(`call ${JSON.stringify(event['output_index'])}`, item['call_id']);
  }
  assert.ok(ids.size > 3);
  for (const [key, different] of ids) assert.equal(different.size, 1, JSON.stringify(key));
});

it('finding 9: a reference to an item that is not known is refused by its name, and a known one is resolved', async () => {
  const input = [
    { type: 'item_reference', id: 'msg_unknown' },
    { role: 'user', content: 'hi' },
  ];
  const response = await post(gateway, '/v1/responses', { model: 'anthropic/m', input });
  assert.match(String(response.status), /^40[04]$/);
  // The resolved ones need a store: responses/conversation.test.ts, "stands for an item that the gateway has kept".
  assert.match(await response.text(), /msg_unknown/);
  assert.equal(upstream.seen.length, 0);
});

describe('finding 10: headers of retries and the words of errors steer agents', () => {
  for (const dialect of Object.keys(ASKS))
    it(`a key that is refused is not tried again by callers of ${dialect}`, async () => {
      const [path, body] = ASKS[dialect]!(foreignModel(dialect));
      const response = await fetch(gateway.url + path, {
        method: 'POST',
        headers: { authorization: 'Bearer canary' },
        body: JSON.stringify(body),
      });
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('x-should-retry'), 'false');
    });

  it('a refusal in the caller’s own dialect passes as it came, with what the provider said of retries', async () => {
    const refusal = '{"type":"error","error":{"type":"invalid_request_error","message":"display: Extra inputs"}}  ';
    upstream.answer = (_, response) => {
      response.writeHead(400, { 'content-type': 'application/json', 'x-should-retry': 'false' });
      response.end(refusal);
    };
    const [path, body] = ASKS['anthropic-messages']!('anthropic/m');
    const response = await post(gateway, path, body);
    assert.equal(response.status, 400);
    assert.equal(response.headers.get('x-should-retry'), 'false');
    assert.equal(await response.text(), refusal);
  });
});
