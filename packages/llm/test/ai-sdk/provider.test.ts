import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { APICallError, generateText, jsonSchema, Output, stepCountIs, streamText, tool, type ModelMessage } from 'ai';

import { createPatchbay, type PatchbayOptions, type PatchbayProvider } from '@patchbay/llm/ai-sdk';
import { startSimulatorServer, type SimulatorServer } from '@patchbay/llm/testing/simulator-server';
import { deadAddress, optionsAt } from '../fetch/two-providers.ts';

let server: SimulatorServer;
let deadUrl: string;

before(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = false;
  server = await startSimulatorServer();
  deadUrl = await deadAddress();
});
after(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = undefined;
  await server.close();
});

const provider = (more: Partial<PatchbayOptions> = {}): PatchbayProvider =>
  createPatchbay({ ...optionsAt(server.url, { dead: ['openai'], deadUrl }), ...more });
const weather = tool({
  description: 'The weather of a city',
  inputSchema: jsonSchema<{ city: string }>({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  }),
  execute: ({ city }) => Promise.resolve(`rain in ${city}`),
});
const bodyAt = (at: number): Record<string, unknown> => JSON.parse(server.requests.at(at)?.body ?? '{}');
const errorOf = (promise: PromiseLike<unknown>): PromiseLike<unknown> =>
  promise.then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );

describe('generateText', () => {
  it('has text, usage, finish and response of any provider', async () => {
    const answer = await generateText({ model: provider()('anthropic/echo'), prompt: 'one two three' });
    assert.equal(answer.text, 'one two three');
    assert.equal(answer.finishReason, 'stop');
    assert.equal(answer.usage.inputTokens, 4);
    assert.equal(answer.usage.outputTokens, 4);
    assert.equal(answer.response.modelId, 'echo');
    assert.notEqual(answer.response.id, '');
  });

  it('falls back to another provider', async () => {
    const model = provider({ fallbacks: ['gemini/echo'] }).languageModel('openai/gpt-4o');
    const answer = await generateText({ model, prompt: 'one two', maxRetries: 0 });
    assert.equal(answer.text, 'one two');
  });

  it('runs tools until the model answers', async () => {
    const answer = await generateText({
      model: provider()('anthropic/tools'),
      prompt: 'How is it?',
      tools: { weather },
      stopWhen: stepCountIs(4),
    });
    assert.equal(answer.steps.length, 2);
    assert.deepEqual(
      answer.steps[0]?.toolCalls.map(({ toolName, input }) => ({ toolName, input })),
      [{ toolName: 'weather', input: { city: 'sample' } }],
    );
    assert.equal(answer.text, 'The tool answered: rain in sample');
  });

  it('sends reasoning back with the signature it came with', async () => {
    const model = provider()('anthropic/reasoning');
    const first = await generateText({ model, prompt: 'one two' });
    assert.equal(first.reasoningText, 'The user wrote 7 characters. I shall repeat them.');
    const messages: ModelMessage[] = [{ role: 'user', content: 'one two' }, ...first.response.messages];
    await generateText({ model, messages: [...messages, { role: 'user', content: 'three' }] });
    const sent = bodyAt(-1)['messages'] as { role: string; content: { type: string; signature?: string }[] }[];
    assert.equal(sent[1]?.content[0]?.signature, 'c2ltdWxhdGVkLXNpZ25hdHVyZQ==');
  });

  it('warns of what could not be carried', async () => {
    const answer = await generateText({
      model: provider()('anthropic/echo'),
      prompt: 'hi',
      seed: 7,
      providerOptions: { other: { member: 1 } },
    });
    assert.deepEqual(
      answer.warnings?.map((each) => 'feature' in each && each.feature),
      ['providerOptions.other', 'seed'],
    );
  });

  it('asks for what only our options say, and marks what is to be cached', async () => {
    await generateText({
      model: provider()('anthropic/echo'),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'hi', providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } },
          ],
        },
      ],
      providerOptions: { patchbay: { endUserId: 'ada', extras: { 'anthropic-messages': { service_tier: 'auto' } } } },
    });
    const body = bodyAt(-1);
    const [message] = body['messages'] as { content: { cache_control?: unknown }[] }[];
    assert.deepEqual(message?.content[0]?.cache_control, { type: 'ephemeral' });
    assert.deepEqual(body['metadata'], { user_id: 'ada' });
    assert.equal(body['service_tier'], 'auto');
  });

  it('sends files as bytes', async () => {
    const data = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);
    await generateText({
      model: provider()('anthropic/echo'),
      messages: [{ role: 'user', content: [{ type: 'file', data, mediaType: 'image/png' }] }],
    });
    const [message] = bodyAt(-1)['messages'] as { content: { source?: unknown }[] }[];
    assert.deepEqual(message?.content[0]?.source, { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' });
  });

  it('sends tools that the vendor runs to that vendor', async () => {
    const search = tool({
      type: 'provider',
      id: 'anthropic.web_search_20250305',
      args: { maxUses: 3 },
      isProviderExecuted: true,
      inputSchema: jsonSchema({ type: 'object' }),
      outputSchema: jsonSchema({ type: 'object' }),
    });
    await generateText({ model: provider()('anthropic/echo'), prompt: 'hi', tools: { web_search: search } });
    assert.deepEqual(bodyAt(-1)['tools'], [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3 }]);
  });

  it('throws errors that say whether another try makes sense', async () => {
    const limited = await errorOf(generateText({ model: provider()('anthropic/429'), prompt: 'hi', maxRetries: 0 }));
    assert.ok(APICallError.isInstance(limited));
    assert.deepEqual([limited.statusCode, limited.isRetryable], [429, true]);
    assert.deepEqual(limited.responseHeaders, { 'retry-after-ms': '1000' });
    const unknown = await errorOf(generateText({ model: provider()('nobody/none'), prompt: 'hi' }));
    assert.ok(APICallError.isInstance(unknown));
    assert.equal(unknown.isRetryable, false);
  });

  it('is aborted with the reason of the signal', async () => {
    const leaving = new AbortController();
    const asking = generateText({ model: provider()('anthropic/silent'), prompt: 'hi', abortSignal: leaving.signal });
    setImmediate(() => leaving.abort(new Error('left')));
    await assert.rejects(asking, /left/);
  });
});

describe('an object', () => {
  const schema = jsonSchema<{ city: string }>({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  });

  it('has the shape that was asked for', async () => {
    const { output } = await generateText({
      model: provider()('gemini/echo'),
      prompt: '{"city":"Oslo"}',
      output: Output.object({ schema }),
    });
    assert.deepEqual(output, { city: 'Oslo' });
    const config = bodyAt(-1)['generationConfig'] as Record<string, unknown>;
    assert.equal(config['responseMimeType'], 'application/json');
  });

  it('grows while it is streamed', async () => {
    const stream = streamText({
      model: provider()('anthropic/echo'),
      prompt: '{"city": "Oslo"}',
      output: Output.object({ schema }),
    });
    let last: unknown;
    for await (const partial of stream.partialOutputStream) last = partial;
    assert.deepEqual(last, { city: 'Oslo' });
  });
});

describe('streamText', () => {
  it('streams text, and ends with usage', async () => {
    const stream = streamText({ model: provider()('gemini/echo'), prompt: 'one two three' });
    const pieces: string[] = [];
    for await (const piece of stream.textStream) pieces.push(piece);
    assert.deepEqual(pieces, ['one', ' two', ' three']);
    assert.equal((await stream.usage).outputTokens, 4);
    assert.equal(await stream.finishReason, 'stop');
  });

  it('has thoughts apart from text, with their signature', async () => {
    const stream = streamText({ model: provider()('anthropic/reasoning'), prompt: 'one two' });
    const kinds: string[] = [];
    for await (const part of stream.fullStream) if (part.type !== kinds.at(-1)) kinds.push(part.type);
    assert.deepEqual(
      kinds.filter((kind) => /^(text|reasoning)-/.test(kind)),
      ['reasoning-start', 'reasoning-delta', 'reasoning-end', 'text-start', 'text-delta', 'text-end'],
    );
    const [thought] = await stream.reasoning;
    assert.deepEqual(thought?.providerMetadata?.['patchbay'], { signature: 'c2ltdWxhdGVkLXNpZ25hdHVyZQ==' });
  });

  it('streams the input of tools and runs them', async () => {
    const stream = streamText({
      model: provider({ fallbacks: ['gemini/tools'] })('openai/gpt-4o'),
      prompt: 'How is it?',
      tools: { weather },
      stopWhen: stepCountIs(4),
      maxRetries: 0,
    });
    const kinds = new Set<string>();
    for await (const part of stream.fullStream) kinds.add(part.type);
    for (const kind of ['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call', 'tool-result'])
      assert.ok(kinds.has(kind), kind);
    assert.equal(await stream.text, 'The tool answered: rain in sample');
  });

  it('leaves it to the AI SDK to try again what failed before the first output', async () => {
    const errors: unknown[] = [];
    const ended: string[] = [];
    const observer = { callEnded: (_: unknown, { outcome }: { outcome: string }) => void ended.push(outcome) };
    const stream = streamText({
      model: provider({ observer })('anthropic/429'),
      prompt: 'hi',
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    });
    await stream.consumeStream();
    assert.equal(errors.length, 1);
    assert.ok(APICallError.isInstance(errors[0]));
    assert.equal(errors[0].isRetryable, true);
    assert.deepEqual(ended, ['failed']);
  });

  it('reports what breaks in the middle as an error of the stream', async () => {
    const errors: unknown[] = [];
    const stream = streamText({
      model: provider()('anthropic/error-after-first-token'),
      prompt: 'hi',
      onError: ({ error }) => void errors.push(error),
    });
    let text = '';
    for await (const part of stream.fullStream) if (part.type === 'text-delta') text += part.text;
    assert.equal(text, 'The');
    assert.equal(errors.length, 1);
    assert.ok(APICallError.isInstance(errors[0]));
  });

  it('closes the connection when the reader leaves', async () => {
    const leaving = new AbortController();
    const stream = streamText({ model: provider()('anthropic/stall'), prompt: 'hi', abortSignal: leaving.signal });
    const kinds: string[] = [];
    for await (const part of stream.fullStream) {
      kinds.push(part.type);
      if (part.type === 'text-delta') leaving.abort();
    }
    assert.equal(kinds.at(-1), 'abort');
  });
});
