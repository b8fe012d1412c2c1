import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { startSimulatorServer, type SimulatorServer } from '@patchbay/llm/testing/simulator-server';
import OpenAI from 'openai';

import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

/** Providers, each of which speaks one format; the caller's format decides how it is reached. */
const PROVIDERS = ['openai', 'anthropic', 'gemini'] as const;
const QUESTION = 'one two three';
const SCHEMA = { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] };

let simulator: SimulatorServer;
let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

before(async () => {
  simulator = await startSimulatorServer();
  gateway = await startGateway(PROVIDERS.map((id) => provider(id, simulator.url, `${id}-key`)));
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: TEST_KEY, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
});
after(async () => {
  await gateway.close();
  await simulator.close();
});

interface Said {
  readonly text: string;
  readonly calls: readonly string[];
}

/** What each official client makes of an answer. */
const CLIENTS: Readonly<Record<string, (model: string, tools: boolean, stream: boolean) => Promise<Said>>> = {
  'openai-chat': async (model, tools, stream) => {
    const request = {
      model,
      messages: [{ role: 'user' as const, content: QUESTION }],
      ...(tools && { tools: [{ type: 'function' as const, function: { name: 'weather', parameters: SCHEMA } }] }),
    };
    const answer = stream
      ? await openai.chat.completions
          .stream({ ...request, stream_options: { include_usage: true } })
          .finalChatCompletion()
      : await openai.chat.completions.create(request);
    const message = answer.choices[0]?.message;
    const calls = (message?.tool_calls ?? []).flatMap((each) => (each.type === 'function' ? [each.function.name] : []));
    return { text: message?.content ?? '', calls };
  },
  'openai-responses': async (model, tools, stream) => {
    const request = {
      model,
      input: QUESTION,
      ...(tools && { tools: [{ type: 'function' as const, name: 'weather', parameters: SCHEMA, strict: false }] }),
    };
    const answer = stream
      ? await openai.responses.stream(request).finalResponse()
      : await openai.responses.create(request);
    const calls = answer.output.flatMap((item) => (item.type === 'function_call' ? [item.name] : []));
    return { text: answer.output_text, calls };
  },
  'anthropic-messages': async (model, tools, stream) => {
    const request = {
      model,
      max_tokens: 500,
      messages: [{ role: 'user' as const, content: QUESTION }],
      ...(tools && { tools: [{ name: 'weather', input_schema: SCHEMA }] }),
    };
    const answer = stream
      ? await anthropic.messages.stream(request).finalMessage()
      : await anthropic.messages.create(request);
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    return { text, calls: answer.content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : [])) };
  },
  gemini: async (model, tools, stream) => {
    const request = {
      model,
      contents: QUESTION,
      ...(tools && {
        config: { tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: SCHEMA }] }] },
      }),
    };
    if (!stream) {
      const answer = await google.models.generateContent(request);
      return { text: answer.text ?? '', calls: (answer.functionCalls ?? []).map(({ name }) => name ?? '') };
    }
    const said = { text: '', calls: [] as string[] };
    for await (const chunk of await google.models.generateContentStream(request)) {
      said.text += chunk.text ?? '';
      said.calls.push(...(chunk.functionCalls ?? []).map(({ name }) => name ?? ''));
    }
    return said;
  },
};

for (const [format, ask] of Object.entries(CLIENTS)) {
  describe(`the official client of ${format}`, () => {
    for (const id of PROVIDERS) {
      for (const stream of [false, true]) {
        it(`hears what ${id} says, ${stream ? 'streamed' : 'whole'}`, async () => {
          assert.deepEqual(await ask(`${id}/echo`, false, stream), { text: QUESTION, calls: [] });
          assert.deepEqual((await ask(`${id}/tools`, true, stream)).calls, ['weather']);
          for (const _ of [1, 2]) {
            const record = await gateway.nextRecord();
            assert.equal(record.state, 'success');
            assert.equal(record.attempts[0]?.usage?.estimated, false);
          }
        });
      }
    }

    it('is told that a model is unknown', async () => {
      await assert.rejects(ask('nobody/nothing', false, false), { status: 404 });
      await gateway.nextRecord();
    });
  });
}

describe('GET /v1/models', () => {
  it('is three interfaces, told apart by their headers', async () => {
    const bare = (await (
      await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${TEST_KEY}` } })
    ).json()) as object;
    assert.ok('object' in bare);
    assert.ok((await openai.models.list()).data.some(({ id }) => id === 'openai/echo'));
    assert.ok((await anthropic.models.list()).data.some(({ id }) => id === 'openai/echo'));
    const names: string[] = [];
    for await (const model of await google.models.list()) names.push(model.name ?? '');
    assert.ok(names.includes('models/openai/echo'), names.join());
  });
});

describe('a thread that the provider would have to keep', () => {
  const threaded = { max_tokens: 5, messages: [{ role: 'user', content: 'hi' }], thread: { type: 'create' } };
  const ask = (model: string): Promise<Response> =>
    fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}` },
      body: JSON.stringify({ ...threaded, model }),
    });

  it('is declined in the words that make Anthropic’s client send the whole conversation', async () => {
    const response = await ask('openai/echo');
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { details: unknown } };
    assert.deepEqual(error.details, { error_code: 'thread_unsupported_request', unsupported: ['thread'] });
    await gateway.nextRecord();
  });

  it('reaches Anthropic untouched', async () => {
    assert.equal((await ask('anthropic/echo')).status, 200);
    await gateway.nextRecord();
  });
});
