import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, stepCountIs, streamText, tool, type LanguageModel } from 'ai';

import type { Asked } from '../conformance/scenario.ts';
import { UPSTREAMS } from '../conformance/sides.ts';
import { openStage, providerIdOf, recordOf, type Stage } from '../conformance/stage.ts';
import { asksWeather, says, WEATHER } from '../conformance/features/material.ts';
import type { UpstreamSide } from '../conformance/upstreams/upstream.ts';

const QUESTION = 'Weather in Oslo?';
const RESULT = 'snow';
const ANSWER = 'It snows in Oslo.';
const PARAMETERS = WEATHER.parameters as Record<string, unknown>;

/** The models of a library by the dialect that they speak. */
type Models<Model> = Readonly<Record<string, (model: string) => Model>>;

const vercelModels = (url: string, apiKey: string): Models<LanguageModel> => ({
  'openai-chat': createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat,
  'openai-responses': createOpenAI({ baseURL: `${url}/v1`, apiKey }).responses,
  'anthropic-messages': createAnthropic({ baseURL: `${url}/v1`, apiKey }),
  gemini: createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey }),
});

const langchainModels = (url: string, apiKey: string): Models<BaseChatModel> => {
  const openai = { apiKey, maxRetries: 0, configuration: { baseURL: `${url}/v1` } };
  return {
    'openai-chat': (model) => new ChatOpenAI({ ...openai, model, streamUsage: false }),
    'openai-responses': (model) => new ChatOpenAI({ ...openai, model, useResponsesApi: true }),
    'anthropic-messages': (model) => new ChatAnthropic({ apiKey, model, maxRetries: 0, anthropicApiUrl: url }),
    gemini: (model) => new ChatGoogleGenerativeAI({ apiKey, model, maxRetries: 0, baseUrl: url }),
  };
};

const DIALECTS = Object.keys(vercelModels('', ''));
const cellOf = (library: string, dialect: string): string => `${library}--${dialect}`;

let stage: Stage;

before(async () => {
  const cells = ['vercel', 'langchain'].flatMap((library) => DIALECTS.map((dialect) => cellOf(library, dialect)));
  stage = await openStage(cells.flatMap((cell) => UPSTREAMS.map((upstream) => recordOf(upstream, cell))));
});
after(() => stage.close());

/** The provider asks for the weather once, then answers; what it was asked, and what it refused, is kept. */
function castLoop(upstream: UpstreamSide, cell: string): { readonly asked: Asked[]; readonly faults: unknown[] } {
  const asked: Asked[] = [];
  const faults: unknown[] = [];
  stage.cast(providerIdOf(upstream, cell), (seen, path, response) => {
    const body = JSON.parse(seen.body.toString()) as never;
    try {
      asked.push(upstream.read(body, path));
    } catch (fault) {
      faults.push(fault);
    }
    const streams = /stream|"stream":true/i.test(path + seen.body.toString().replace('"stream":false', ''));
    const answer = (asked.at(-1)?.results.length ?? 0) > 0 ? says(ANSWER) : asksWeather('Oslo');
    const id = `${cell.replaceAll('-', '')}${upstream.id.replaceAll('-', '')}${asked.length}`.slice(-30);
    const { type, body: bytes } = streams ? upstream.stream(answer, id) : upstream.whole(answer, id);
    response.writeHead(200, { 'content-type': type });
    response.end(bytes);
  });
  return { asked, faults };
}

/** Both requests were legal, and the second says what came of the first. */
function assertLooped({ asked, faults }: ReturnType<typeof castLoop>): void {
  assert.deepEqual(faults, []);
  assert.equal(asked.length, 2);
  const [first, second] = asked;
  assert.deepEqual(
    first?.tools.map(({ name }) => name),
    [WEATHER.name],
  );
  assert.deepEqual(second?.calls, [{ name: WEATHER.name, input: { city: 'Oslo' } }]);
  // Google wants an object of every tool, so the libraries put the words into one of their own.
  const [result, ...more] = second?.results ?? [];
  assert.deepEqual([result?.call, result?.isError, more], [0, false, []]);
  assert.match(result?.text ?? '', new RegExp(`^(?:${RESULT}|\\{.*"${RESULT}".*\\})$`));
}

/** A dialect's upstreams that are not of the caller's own. */
const foreign = (dialect: string): readonly UpstreamSide[] => UPSTREAMS.filter(({ id }) => id !== dialect);

describe('Vercel’s AI SDK completes a tool loop', () => {
  const cities: string[] = [];
  const weather = tool({
    description: WEATHER.description,
    inputSchema: jsonSchema<{ city: string }>(PARAMETERS),
    execute: ({ city }) => {
      cities.push(city);
      return RESULT;
    },
  });
  for (const dialect of DIALECTS)
    for (const upstream of foreign(dialect))
      it(`in ${dialect} with a provider of ${upstream.id}, whole and streamed`, async () => {
        const cell = cellOf('vercel', dialect);
        const name = `${providerIdOf(upstream, cell)}/${upstream.model}`;
        const model = vercelModels(stage.url, stage.keyOf(cell))[dialect]?.(name);
        assert.ok(model !== undefined);
        const request = { model, prompt: QUESTION, tools: { weather }, stopWhen: stepCountIs(3), maxRetries: 0 };
        const whole = castLoop(upstream, cell);
        assert.equal((await generateText(request)).text, ANSWER);
        assertLooped(whole);
        const streamed = castLoop(upstream, cell);
        assert.equal(await streamText(request).text, ANSWER);
        assertLooped(streamed);
        assert.deepEqual(cities.splice(0), ['Oslo', 'Oslo']);
      });
});

describe('LangChain completes a tool loop', () => {
  const tools = [
    { type: 'function', function: { name: WEATHER.name, description: WEATHER.description, parameters: PARAMETERS } },
  ];
  for (const dialect of DIALECTS)
    for (const upstream of foreign(dialect))
      it(`in ${dialect} with a provider of ${upstream.id}`, async () => {
        const cell = cellOf('langchain', dialect);
        const name = `${providerIdOf(upstream, cell)}/${upstream.model}`;
        const model = langchainModels(stage.url, stage.keyOf(cell))[dialect]?.(name)?.bindTools?.(tools);
        assert.ok(model !== undefined);
        const loop = castLoop(upstream, cell);
        const messages: BaseMessage[] = [new HumanMessage(QUESTION)];
        const asks = await model.invoke(messages);
        assert.ok(asks instanceof AIMessage);
        messages.push(asks);
        for (const { id = '', name: called, args } of asks.tool_calls ?? []) {
          assert.deepEqual(args, { city: 'Oslo' });
          messages.push(new ToolMessage({ content: RESULT, tool_call_id: id, name: called }));
        }
        const answer = await model.invoke(messages);
        assert.equal(answer.text, ANSWER);
        assertLooped(loop);
      });
});
