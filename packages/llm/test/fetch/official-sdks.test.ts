import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import { createFailoverFetch, type FailoverOptions } from '@patchbay/llm/fetch';
import { startSimulatorServer, type SimulatorServer } from '@patchbay/llm/testing/simulator-server';
import { deadAddress, optionsAt } from './two-providers.ts';

type Targets = FailoverOptions['targets'];

let server: SimulatorServer;
let deadUrl: string;

before(async () => {
  server = await startSimulatorServer();
  deadUrl = await deadAddress();
});
after(() => server.close());

const failover = (targets: Targets, more: Partial<FailoverOptions> = {}): typeof fetch =>
  createFailoverFetch({ ...optionsAt(server.url, { dead: ['openai'], deadUrl }), targets, ...more });
/** The provider asked for is dead; whoever answers speaks another format. */
const DEAD_THEN = (provider: string, script: string): Targets => ['openai/gpt-4o', `${provider}/${script}`];

const openaiOf = (fetch: typeof globalThis.fetch) => new OpenAI({ fetch, apiKey: 'unused', maxRetries: 0 });
const anthropicOf = (fetch: typeof globalThis.fetch) => new Anthropic({ fetch, apiKey: 'unused', maxRetries: 0 });
const googleOf = (fetch: typeof globalThis.fetch) => new GoogleGenAI({ apiKey: 'unused', httpOptions: { fetch } });

const SCHEMA = { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] };
const user = (content: string) => [{ role: 'user' as const, content }];

describe('the OpenAI SDK with one line changed', () => {
  it('has a chat answered by the next provider when the first is dead', async () => {
    const sent = server.requests.length;
    const openai = openaiOf(failover(DEAD_THEN('anthropic', 'echo')));
    const { data, response } = await openai.chat.completions
      .create({ model: 'gpt-4o', messages: user('one two three') })
      .withResponse();
    assert.equal(data.choices[0]?.message.content, 'one two three');
    assert.equal(data.usage?.completion_tokens, 4);
    assert.equal(response.headers.get('x-patchbay-provider'), 'anthropic');
    assert.deepEqual(
      server.requests.slice(sent).map(({ path, headers }) => [path, headers['x-api-key'], headers['authorization']]),
      [['/v1/messages', 'anthropic-key', undefined]],
    );
  });

  it('has a streamed chat answered by the next provider', async () => {
    const openai = openaiOf(failover(DEAD_THEN('gemini', 'echo')));
    const stream = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: user('one two three'),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage?.completion_tokens ?? usage;
    }
    assert.equal(text, 'one two three');
    assert.equal(usage, 4);
  });

  it('runs a tool across providers and back', async () => {
    const openai = openaiOf(failover(DEAD_THEN('anthropic', 'tools')));
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: SCHEMA } }];
    const asked = user('How is it?');
    const first = await openai.chat.completions.create({ model: 'gpt-4o', messages: asked, tools });
    const [call] = first.choices[0]?.message.tool_calls ?? [];
    assert.ok(call?.type === 'function');
    assert.deepEqual(JSON.parse(call.function.arguments), { city: 'sample' });
    const second = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [...asked, first.choices[0]!.message, { role: 'tool', tool_call_id: call.id, content: 'rain' }],
      tools,
    });
    assert.equal(second.choices[0]?.message.content, 'The tool answered: rain');
  });

  it('speaks responses, whole and streamed', async () => {
    const openai = openaiOf(failover(DEAD_THEN('anthropic', 'echo')));
    const whole = await openai.responses.create({ model: 'gpt-4o', input: 'one two' });
    assert.equal(whole.output_text, 'one two');
    const kinds: string[] = [];
    for await (const event of await openai.responses.create({ model: 'gpt-4o', input: 'one two', stream: true }))
      kinds.push(event.type);
    assert.equal(kinds.at(0), 'response.created');
    assert.equal(kinds.at(-1), 'response.completed');
  });

  it('is refused in its own dialect when everybody fails, and says when to come again', async () => {
    const openai = openaiOf(failover(DEAD_THEN('anthropic', '429')));
    const error = await openai.chat.completions.create({ model: 'gpt-4o', messages: user('hi') }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.type, 'rate_limit_error');
    assert.equal(error.headers.get('retry-after'), '1');
  });

  it('is refused with a status where a stream fails before its first word, and the call is over then', async () => {
    const ended: string[] = [];
    const observer = { callEnded: (_: unknown, { outcome }: { outcome: string }) => void ended.push(outcome) };
    const openai = openaiOf(failover(DEAD_THEN('anthropic', '503'), { observer }));
    const asking = openai.chat.completions.create({ model: 'gpt-4o', messages: user('hi'), stream: true });
    await assert.rejects(asking, (error: unknown) => error instanceof OpenAI.APIError && error.status === 503);
    assert.deepEqual(ended, ['failed']);
  });

  it('gets an error in mid-stream as an error', async () => {
    const openai = openaiOf(failover(DEAD_THEN('anthropic', 'error-after-first-token')));
    const stream = await openai.chat.completions.create({ model: 'gpt-4o', messages: user('hi'), stream: true });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await assert.rejects(reading, /asked to fail/);
    assert.equal(text, 'The');
  });

  it('is aborted before an answer and in the middle of one', async () => {
    const openai = openaiOf(failover(['anthropic/silent']));
    const early = new AbortController();
    const asking = openai.chat.completions.create({ model: 'x', messages: user('hi') }, { signal: early.signal });
    setImmediate(() => early.abort());
    await assert.rejects(asking, OpenAI.APIUserAbortError);

    const late = new AbortController();
    const stalled = openaiOf(failover(['anthropic/stall']));
    const stream = await stalled.chat.completions.create(
      { model: 'x', messages: user('hi'), stream: true },
      { signal: late.signal },
    );
    let heard = '';
    for await (const chunk of stream) {
      heard += chunk.choices[0]?.delta.content ?? '';
      if (heard !== '') late.abort();
    }
    assert.equal(heard, 'The');
  });

  it('asks a provider of its own dialect for the model that it names, with all that it said', async () => {
    const sent = server.requests.length;
    const fetch = createFailoverFetch({ ...optionsAt(server.url, { deadUrl }), targets: ['openai/*'] });
    const openai = openaiOf(fetch);
    const unknown = { unknown_member: { deep: [1] } };
    const { response } = await openai.chat.completions
      .create({ model: 'echo', messages: user('hi'), service_tier: 'flex', ...unknown })
      .withResponse();
    const body = JSON.parse(server.requests[sent]?.body ?? '{}') as Record<string, unknown>;
    assert.equal(body['model'], 'echo');
    assert.equal(body['service_tier'], 'flex');
    assert.deepEqual(body['unknown_member'], unknown.unknown_member);
    assert.equal(response.headers.get('x-patchbay-losses'), null);
    await openai.responses.create({ model: 'echo', input: 'hi' });
    assert.equal(server.requests.at(-1)?.path, '/v1/responses');
  });

  it('is told what could not be carried', async () => {
    const openai = openaiOf(failover(['anthropic/echo']));
    const { response } = await openai.chat.completions
      .create({ model: 'x', messages: user('hi'), seed: 7 })
      .withResponse();
    assert.match(response.headers.get('x-patchbay-losses') ?? '', /\bseed;dropped/);
  });

  it('sends a model elsewhere where it is told to', async () => {
    const models = { 'gpt-4o-mini': 'gemini/echo' };
    const openai = openaiOf(failover(['anthropic/echo'], { models }));
    const answered = async (model: string): Promise<string | null> =>
      (await openai.chat.completions.create({ model, messages: user('hi') }).withResponse()).response.headers.get(
        'x-patchbay-provider',
      );
    assert.equal(await answered('gpt-4o-mini'), 'gemini');
    assert.equal(await answered('gpt-4o'), 'anthropic');
  });

  it('lists models, and hears a clear 404 of what is not served', async () => {
    const openai = openaiOf(failover(['anthropic/echo']));
    const list = await openai.models.list();
    assert.ok(list.data.some(({ id }) => id === 'echo'));
    assert.equal((await openai.models.retrieve('echo')).id, 'echo');
    await assert.rejects(openai.files.list(), (error: unknown) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.match(error.message, /GET \/v1\/files cannot be answered by another provider/);
      return true;
    });
  });
});

describe('the Anthropic SDK with one line changed', () => {
  const ask = { model: 'claude-fable-5', max_tokens: 100, messages: user('one two three') };

  it('has a message answered by the next provider, thoughts with their signature', async () => {
    const anthropic = anthropicOf(failover(DEAD_THEN('anthropic', 'reasoning')));
    const message = await anthropic.messages.create(ask);
    const [thought, text] = message.content;
    assert.ok(thought?.type === 'thinking' && text?.type === 'text');
    assert.equal(thought.signature, 'c2ltdWxhdGVkLXNpZ25hdHVyZQ==');
    assert.equal(text.text, 'one two three');
    assert.equal(message.stop_reason, 'end_turn');
  });

  it('streams from another vendor', async () => {
    const anthropic = anthropicOf(failover(DEAD_THEN('gemini', 'echo')));
    const final = await anthropic.messages.stream(ask).finalMessage();
    assert.deepEqual(
      final.content.map((block) => block.type === 'text' && block.text),
      ['one two three'],
    );
    assert.equal(final.usage.output_tokens, 4);
  });

  it('calls tools of another vendor', async () => {
    const anthropic = anthropicOf(failover(DEAD_THEN('gemini', 'tools')));
    const message = await anthropic.messages.create({ ...ask, tools: [{ name: 'weather', input_schema: SCHEMA }] });
    const [block] = message.content;
    assert.ok(block?.type === 'tool_use');
    assert.deepEqual(block.input, { city: 'sample' });
    assert.equal(message.stop_reason, 'tool_use');
  });

  it('is refused in its own dialect', async () => {
    const anthropic = anthropicOf(failover(DEAD_THEN('gemini', '503')));
    const error = await anthropic.messages.create(ask).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Anthropic.APIError);
    assert.equal(error.status, 529);
    assert.equal(error.type, 'overloaded_error');
  });

  it('is aborted in the middle', async () => {
    const stream = anthropicOf(failover(['gemini/stall'])).messages.stream(ask);
    stream.on('text', () => stream.abort());
    await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  });

  it('lists models in its own shape', async () => {
    const page = await anthropicOf(failover(['anthropic/echo'])).models.list();
    assert.ok(page.data.some(({ id, type }) => id === 'echo' && type === 'model'));
  });
});

describe('the Google SDK with one line changed', () => {
  const ask = { model: 'gemini-2.5-pro', contents: 'one two three' };

  it('has content answered by the next provider, whole and streamed', async () => {
    const google = googleOf(failover(DEAD_THEN('anthropic', 'echo')));
    const whole = await google.models.generateContent(ask);
    assert.equal(whole.text, 'one two three');
    assert.equal(whole.usageMetadata?.candidatesTokenCount, 4);
    let text = '';
    for await (const chunk of await google.models.generateContentStream(ask)) text += chunk.text ?? '';
    assert.equal(text, 'one two three');
  });

  it('calls functions of another vendor', async () => {
    const google = googleOf(failover(DEAD_THEN('anthropic', 'tools')));
    const functionDeclarations = [{ name: 'weather', parametersJsonSchema: SCHEMA }];
    const { functionCalls } = await google.models.generateContent({
      ...ask,
      config: { tools: [{ functionDeclarations }] },
    });
    assert.deepEqual(functionCalls?.[0]?.args, { city: 'sample' });
  });

  it('is refused in its own dialect', async () => {
    const google = googleOf(failover(DEAD_THEN('anthropic', '429')));
    await assert.rejects(google.models.generateContent(ask), (error: unknown) => {
      assert.equal((error as { status?: number }).status, 429);
      assert.match((error as Error).message, /RESOURCE_EXHAUSTED/);
      return true;
    });
  });

  it('is aborted before an answer', async () => {
    const leaving = new AbortController();
    const google = googleOf(failover(['anthropic/silent']));
    const asking = google.models.generateContent({ ...ask, config: { abortSignal: leaving.signal } });
    setImmediate(() => leaving.abort());
    await assert.rejects(asking, /abort/i);
  });

  it('gets a JSON list where it does not ask for events', async () => {
    const fetch = failover(['anthropic/echo']);
    const url = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent';
    const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'one two' }] }] });
    const response = await fetch(url, { method: 'POST', body });
    const list = (await response.json()) as { candidates?: { content?: { parts?: { text?: string }[] } }[] }[];
    const text = list.map((each) => each.candidates?.[0]?.content?.parts?.[0]?.text ?? '').join('');
    assert.equal(text, 'one two');
  });
});
