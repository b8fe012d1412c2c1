import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { BaseProvider } from '../../src/kit/base-provider.ts';
import { newChatStream, type ChatCompletionChunk, type ChatCompletionStream } from '../../src/kit/chat-stream.ts';
import type { GenerateOptions } from '../../src/kit/generate-options.ts';
import type { BackendExtension } from '../../src/backend.ts';
import {
  beginSse,
  chatAnswer,
  endSse,
  json,
  startFake,
  type Answer,
  type FakeProvider,
} from '../document/fake-provider.ts';
import { ask, backendOver, eventsOf, providerAt, requestOf } from './backend-of.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function fake(answer: Answer): Promise<FakeProvider> {
  const server = await startFake(answer);
  open.push(server);
  return server;
}

const streamed: Answer = (response) => {
  beginSse(response, ['one', ' two']);
  endSse(response);
};

/** A provider of somebody's own, which says these chunks. */
class Saying extends BaseProvider {
  readonly #chunks: readonly ChatCompletionChunk[];
  constructor(chunks: readonly ChatCompletionChunk[], streams = true) {
    super('saying', { supportsStreaming: streams });
    this.#chunks = chunks;
  }
  override generateChatCompletion(_options: GenerateOptions): Promise<ChatCompletionStream> {
    return Promise.resolve(newChatStream(this.#chunks));
  }
}

/** Keeps what it is told. */
function listener(): BackendExtension & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    name: 'listener',
    heard,
    beforeGenerate: () => void heard.push('before'),
    onProviderSelected: (provider) => void heard.push(`selected ${provider}`),
    afterGenerate: (_, { content }) => void heard.push(`after ${content}`),
    onProviderError: (provider, error) => void heard.push(`error ${provider} ${(error as Error).name}`),
  };
}

describe('POST /api/generate', () => {
  it('answers a prompt as a whole', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('Hello.')));
    const backend = backendOver(providerAt(server.url));
    const body = {
      provider: 'openai',
      model: 'gpt-x',
      prompt: 'Hi',
      max_tokens: 9,
      temperature: 0.5,
      metadata: { a: 1 },
    };
    const { status, data, body: envelope } = await ask(backend, 'POST /api/generate', body);
    assert.equal(status, 200);
    assert.equal(envelope['success'], true);
    assert.deepEqual(data, {
      content: 'Hello.',
      model: 'gpt-4o',
      provider: 'openai',
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      finish_reason: 'stop',
      metadata: { a: 1 },
    });
    const sent = JSON.parse(server.requests[0]?.body ?? '') as Record<string, unknown>;
    assert.deepEqual([sent['model'], sent['temperature']], ['gpt-x', 0.5]);
  });

  it('takes a conversation with pictures, calls and results, and tools', async () => {
    const server = await fake((response) => json(response, 200, chatAnswer('Rain.')));
    const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
    const { status } = await ask(backendOver(providerAt(server.url)), 'POST /api/generate', {
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Here?' }, picture] },
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
      ],
      tools: [{ name: 'weather', input_schema: { type: 'object', properties: { city_name: { type: 'string' } } } }],
      tool_choice: 'auto',
    });
    assert.equal(status, 200);
    const sent = server.requests[0]?.body ?? '';
    for (const part of ['data:image/png;base64,iVBORw0KGgo=', '"call_1"', '"rain"', '"city_name"'])
      assert.ok(sent.includes(part), part);
  });

  it('keeps what the last chunk says, whole and streamed', async () => {
    const chunks = [
      { content: 'one', done: false },
      { content: ' two', done: true },
    ];
    const backend = backendOver(new Saying(chunks));
    const whole = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.equal(whole.data['content'], 'one two');
    const events = await eventsOf(await backend(requestOf('POST /api/generate', { prompt: 'x', stream: true })));
    assert.deepEqual(events, [...chunks, '[DONE]']);
  });

  it('puts the pieces of calls together, side by side', async () => {
    const piece = (index: number, id: string, name: string, text: string): ChatCompletionChunk => ({
      content: '',
      done: false,
      choices: [
        { index: 0, delta: { toolCalls: [{ index, id, type: 'function', function: { name, arguments: text } }] } },
      ],
    });
    const chunks = [piece(0, 'a', 'f', '{"x'), piece(1, 'b', 'g', '{}'), piece(0, 'a', '', '":1}')];
    const backend = backendOver(new Saying([...chunks, { content: '', done: true }]));
    const { data } = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.deepEqual(data['tool_calls'], [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    ]);
  });

  it('streams, and asks provider and extensions once for it', async () => {
    const server = await fake(streamed);
    const extension = listener();
    const backend = backendOver(providerAt(server.url), { extensions: [extension] });
    const response = await backend(requestOf('POST /api/generate', { prompt: 'x', stream: true }));
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = await eventsOf(response);
    assert.equal(events.map((each) => (each as ChatCompletionChunk).content ?? '').join(''), 'one two');
    assert.equal(events.at(-1), '[DONE]');
    assert.equal(server.requests.length, 1);
    assert.deepEqual(extension.heard, ['before', 'selected openai', 'after one two']);
  });

  it('ends the answer at the provider when the caller leaves', async () => {
    const server = await fake((response) => beginSse(response, ['one']));
    const backend = backendOver(providerAt(server.url));
    const response = await backend(requestOf('POST /api/generate', { prompt: 'x', stream: true }));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    assert.equal(await server.requests[0]?.closed, 'left');
  });

  it('ends a stream that breaks with its error, and without [DONE]', async () => {
    const server = await fake((response) => {
      beginSse(response, ['one']);
      setImmediate(() => response.destroy());
    });
    const extension = listener();
    const backend = backendOver(providerAt(server.url), { extensions: [extension] });
    const events = await eventsOf(await backend(requestOf('POST /api/generate', { prompt: 'x', stream: true })));
    const { error } = events.at(-1) as { readonly error: { readonly code: string; readonly details: object } };
    assert.equal(error.code, 'STREAM_ERROR');
    assert.deepEqual(error.details, { provider: 'openai', cause: 'network', retryable: true });
    assert.equal(extension.heard.at(-1), 'error openai ProviderError');
  });

  it('gives a failure before the first event its own status, streamed or not', async () => {
    const refuse: Answer = (response) =>
      json(response, 429, { error: { message: 'Slow down, sk-abcdefgh12345678.' } }, { 'retry-after': '7' });
    const server = await fake(refuse);
    const backend = backendOver(providerAt(server.url));
    for (const stream of [false, true]) {
      const { status, error, headers, message } = await ask(backend, 'POST /api/generate', { prompt: 'x', stream });
      assert.deepEqual([status, error['code'], headers.get('retry-after')], [429, 'GENERATION_ERROR', '7']);
      const details = {
        provider: 'openai',
        cause: 'rate_limit',
        retryable: true,
        provider_status: 429,
        retry_after: 7,
      };
      assert.deepEqual(error['details'], details);
      assert.doesNotMatch(message, /sk-abcdefgh/);
    }
  });

  it('says 502 when the provider refuses our key, and that trying again is no use', async () => {
    const server = await fake((response) => json(response, 401, { error: { message: 'No.' } }));
    const { status, error } = await ask(backendOver(providerAt(server.url)), 'POST /api/generate', { prompt: 'x' });
    assert.equal(status, 502);
    assert.equal((error['details'] as { retryable?: boolean }).retryable, false);
  });

  const wrong: readonly (readonly [string, unknown, number, string, RegExp])[] = [
    ['nothing to answer', {}, 400, 'MISSING_PARAMETER', /`prompt` or `messages`/],
    ['no JSON', '{', 400, 'INVALID_REQUEST', /JSON object/],
    ['a list', '[1]', 400, 'INVALID_REQUEST', /JSON object/],
    [
      'a temperature of 3',
      { prompt: 'x', temperature: 3 },
      400,
      'INVALID_REQUEST',
      /temperature must be a number from 0 to 2/,
    ],
    [
      'no whole max_tokens',
      { prompt: 'x', max_tokens: 1.5 },
      400,
      'INVALID_REQUEST',
      /max_tokens must be a whole number/,
    ],
    ['stream as text', { prompt: 'x', stream: 'yes' }, 400, 'INVALID_REQUEST', /stream must be true or false/],
    ['an odd role', { messages: [{ role: 'robot', content: 'x' }] }, 400, 'INVALID_REQUEST', /messages\[0\]\.role/],
    [
      'an odd part',
      { messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
      400,
      'INVALID_REQUEST',
      /content\[0\]\.type/,
    ],
    ['a nameless tool', { prompt: 'x', tools: [{}] }, 400, 'INVALID_REQUEST', /tools\[0\]\.name/],
    ['an odd choice', { prompt: 'x', tool_choice: 'maybe' }, 400, 'INVALID_REQUEST', /tool_choice must be/],
    ['nobody', { prompt: 'x', provider: 'nobody' }, 404, 'PROVIDER_NOT_FOUND', /There are: openai\./],
  ];
  for (const [what, body, status, code, message] of wrong)
    it(`refuses ${what} with ${code}`, async () => {
      const backend = backendOver(new Saying([{ content: 'x', done: true }]));
      const answer = await ask(backend, 'POST /api/generate', body);
      assert.deepEqual([answer.status, answer.error['code']], [status, code]);
      assert.match(answer.message, message);
    });

  it('refuses to stream where the provider does not, and bodies that are too large', async () => {
    const backend = backendOver(new Saying([{ content: 'x', done: true }], false), { bodyLimitBytes: 64 });
    const streaming = await ask(backend, 'POST /api/generate', { prompt: 'x', stream: true });
    assert.deepEqual([streaming.status, streaming.error['code']], [400, 'STREAMING_NOT_SUPPORTED']);
    const large = await ask(backend, 'POST /api/generate', { prompt: 'x'.repeat(64) });
    assert.deepEqual([large.status, large.error['code']], [413, 'INVALID_REQUEST']);
  });

  it('says SERIALIZATION_ERROR for metadata that is no JSON', async () => {
    const backend = backendOver(new Saying([{ content: 'x', done: true, metadata: { big: 1n } }]));
    const { status, error } = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.deepEqual([status, error['code']], [500, 'SERIALIZATION_ERROR']);
  });
});
