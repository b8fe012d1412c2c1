import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { ApiError, GoogleGenAI } from '@google/genai';
import fc from 'fast-check';

import type { StreamEvent } from '../../src/model/event.ts';
import type { Failure, FailureKind } from '../../src/model/failure.ts';
import { collect } from '../../src/model/fold.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { joinChat, joinMessage, recordedEvents } from '../../src/testing/join-stream.ts';
import { play } from '../../src/testing/play.ts';
import { loadRecordings, type Recording } from '../../src/testing/recordings.ts';
import { spokenByChat, spokenByMessage, type Spoken } from '../../src/testing/spoken.ts';
import { encodeFrame } from '../../src/transport/sse-encode.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame, UpstreamCodec } from '../../src/wire/codec.ts';
import { gemini } from '../../src/wire/gemini/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arrayOf, isObject, objectOf, textOf, unknownMembers } from '../../src/wire/read.ts';
import { arbitraryEvents } from '../properties/arbitrary-events.ts';
import { joinChunks, joinGemini, spokenByGemini } from './gemini-spoken.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A server on a loopback port that answers what it is told, and Google's client in front of it. */
class Loopback {
  answer: Answer = { status: 500, type: 'application/json', body: '{}' };
  readonly #server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(this.answer.status, { 'content-type': this.answer.type });
      response.end(this.answer.body);
    });
  });
  #client: GoogleGenAI | undefined;

  async open(): Promise<void> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.#client = new GoogleGenAI({ apiKey: 'canary', httpOptions: { baseUrl: `http://127.0.0.1:${port}` } });
  }

  get client(): GoogleGenAI {
    assert.ok(this.#client !== undefined);
    return this.#client;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const loopback = new Loopback();
before(() => loopback.open());
after(() => loopback.close());

const ASKED = { model: 'm', contents: 'say hi' };
const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

/** The members of an answer that are the wire's, as Google's client gives them. */
const members = (answer: object): JsonObject =>
  JSON.parse(JSON.stringify({ ...answer, sdkHttpResponse: undefined })) as JsonObject;

async function readWhole(body: Json): Promise<JsonObject> {
  loopback.answer = { status: 200, type: 'application/json', body: JSON.stringify(body) };
  return members(await loopback.client.models.generateContent(ASKED));
}

async function readStream(text: string): Promise<readonly JsonObject[]> {
  loopback.answer = { status: 200, type: 'text/event-stream', body: text };
  const chunks: JsonObject[] = [];
  for await (const chunk of await loopback.client.models.generateContentStream(ASKED)) chunks.push(members(chunk));
  return chunks;
}

/** The bytes of a stream as a caller receives them: exactly one line of data and a blank one for each chunk. */
function bytesOf(events: readonly StreamEvent[]): string {
  const text = play(gemini.encodeStream(REQUEST), events).map(encodeFrame).join('');
  assert.match(text, /^(?:data: \{[^\r\n]*\}\n\n)+$/);
  return text;
}

const WHOLE = loadRecordings('gemini.generateContent').filter(({ response }) => response.status === 200);
const STREAMED = loadRecordings('gemini.streamGenerateContent');

function whole(codec: UpstreamCodec<object>, body: Json | undefined): GenerationResponse {
  const answer = codec.decodeResponse(body ?? null, {});
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.message);
  return answer.value;
}

/** The frames of a recorded stream; some servers name their events in the data alone. */
const framesOf = (sseText: string): readonly Frame[] =>
  recordedEvents(sseText).map((data) => ({ event: '', data: JSON.stringify(data) }));

/** A copy without the ids that we gave to calls that came without. */
function withoutIds(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => withoutIds(each) ?? null);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(
    ([name, each]) => name !== 'id' || textOf(each)?.startsWith('call_') !== true,
  );
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutIds(each)]));
}

describe('a recorded answer of Gemini that is read and written again is the same to Google’s own client', () => {
  for (const { id, response } of WHOLE)
    it(id, async () => {
      const { body, losses } = gemini.encodeResponse(whole(gemini, response.body));
      assert.deepEqual(losses, []);
      const [again, recorded] = [await readWhole(body), await readWhole(response.body ?? null)];
      const [candidate] = arrayOf(recorded['candidates']).map(objectOf);
      const parts = arrayOf(objectOf(candidate?.['content'])?.['parts']);
      // Google leaves out what is empty.
      const content = { role: 'model', parts };
      const filled = { ...recorded, candidates: [{ index: 0, ...candidate, content }] };
      const usage = objectOf(again['usageMetadata']) ?? {};
      const counts = { ...usage, ...objectOf(recorded['usageMetadata']) };
      assert.deepEqual(withoutIds(again), { ...filled, usageMetadata: counts });
    });
});

describe('a recorded stream of Gemini that is read and written again is the same to Google’s own client', () => {
  for (const { id, response } of STREAMED) {
    if (response.sse_text === undefined) continue;
    const text = response.sse_text;
    it(id, async () => {
      const events = play(gemini.decodeStream({}), framesOf(text));
      assert.deepEqual(checkEventGrammar(events), []);
      const recorded = joinChunks(await readStream(text));
      const again = joinChunks(await readStream(bytesOf(events)));
      assert.deepEqual(spokenByGemini(again), spokenByGemini(recorded));
      assert.deepEqual(opaqueIn(again), opaqueIn(recorded));
      const named = unknownMembers(recorded, new Set(['candidates', 'usageMetadata']));
      assert.deepEqual({ ...again, ...named }, again);
    });
  }
});

/** Signatures, and parts that only Gemini has, in their order. */
const opaqueIn = (answer: JsonObject): readonly unknown[] =>
  arrayOf(objectOf(objectOf(arrayOf(answer['candidates'])[0])?.['content'])?.['parts'])
    .filter(isObject)
    .map((part) => unknownMembers(part, new Set(['text', 'functionCall', 'thought'])))
    .filter((part) => part !== undefined);

/** How a caller's format tells an answer. */
const TOLD: readonly (readonly [string, (response: GenerationResponse) => Spoken])[] = [
  ['openai-chat', (response) => spokenByChat(openAiChat.encodeResponse(response).body)],
  ['anthropic-messages', (response) => spokenByMessage(anthropicMessages.encodeResponse(response).body)],
];

for (const [format, tell] of TOLD)
  describe(`a recorded answer of Gemini says the same in ${format}`, () => {
    for (const { id, response } of [...WHOLE, ...STREAMED])
      it(id, () => {
        const { sse_text: text } = response;
        const answer = text === undefined ? whole(gemini, response.body) : heard(gemini, text);
        const said = spokenByGemini(text === undefined ? response.body : joinGemini(text));
        assert.deepEqual(tell(answer), said);
      });
  });

function heard(codec: UpstreamCodec<object>, sseText: string): GenerationResponse {
  const answer = collect(play(codec.decodeStream({}), framesOf(sseText)));
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.message);
  return answer.value;
}

interface Source {
  readonly codec: UpstreamCodec<object>;
  readonly recordings: readonly Recording[];
  readonly spoken: (body: unknown) => Spoken;
  readonly join: (sseText: string) => JsonObject;
}

const SOURCES: readonly Source[] = [
  { codec: openAiChat, recordings: loadRecordings('openai.chat'), spoken: spokenByChat, join: joinChat },
  {
    codec: anthropicMessages,
    recordings: loadRecordings('anthropic.messages'),
    spoken: spokenByMessage,
    join: joinMessage,
  },
];

/** Gemini counts nothing that is written to a cache. */
const inGemini = (spoken: Spoken): Spoken =>
  spoken.usage === undefined ? spoken : { ...spoken, usage: { ...spoken.usage, cacheWrite: 0 } };

for (const { codec, recordings, spoken, join } of SOURCES)
  describe(`a recorded answer in ${codec.id} says the same to Google’s own client`, () => {
    for (const { id, response } of recordings) {
      if (response.status !== 200) continue;
      const { sse_text: text, body } = response;
      it(id, async () => {
        if (text === undefined) {
          const answer = codec.decodeResponse(body ?? null, {});
          if (!answer.ok) return;
          const read = await readWhole(gemini.encodeResponse(answer.value).body);
          return assert.deepEqual(spokenByGemini(read), inGemini(spoken(body)));
        }
        const events = play(codec.decodeStream({}), framesOf(text));
        if (events.at(-1)?.type === 'failure')
          return assert.rejects(readStream(bytesOf(events)), (error) => error instanceof ApiError);
        const read = joinChunks(await readStream(bytesOf(events)));
        assert.deepEqual(spokenByGemini(read), inGemini(spoken(join(text))));
      });
    }
  });

describe('any stream that is written in gemini', () => {
  it('says to Google’s own client what was said to us', async () => {
    const property = fc.asyncProperty(arbitraryEvents, async (events) => {
      const text = bytesOf(events);
      if (events.at(-1)?.type === 'failure')
        return assert.rejects(readStream(text), (error) => error instanceof ApiError && error.status >= 500);
      const answer = collect(events);
      assert.ok(answer.ok);
      const read = joinChunks(await readStream(text));
      const { text: words, reasoning, calls, usage } = spokenByGemini(read);
      const joined = (...kinds: readonly string[]): string =>
        answer.value.content.map((part) => (kinds.includes(part.type) && 'text' in part ? part.text : '')).join('');
      assert.equal(words, joined('text', 'refusal'));
      assert.equal(reasoning, joined('reasoning'));
      const made = answer.value.content.filter(({ type }) => type === 'tool-call');
      assert.deepEqual(
        calls.map(({ name }) => name),
        made.map((part) => (part.type === 'tool-call' ? part.name : '')),
      );
      const spent = answer.value.usage;
      if (spent === undefined) return assert.equal(usage, undefined);
      assert.deepEqual(usage, {
        input: spent.inputTokens,
        cacheRead: spent.cacheReadTokens,
        cacheWrite: 0,
        output: spent.outputTokens,
        reasoning: spent.reasoningTokens,
      });
    });
    await fc.assert(property, { numRuns: 600 });
  });

  it('is remembered by its chats, part by part', async () => {
    const chat = loopback.client.chats.create({ model: 'm' });
    const events: readonly StreamEvent[] = [
      { type: 'response-start', id: 'a', model: 'm', createdAtMs: 0 },
      { type: 'part-start', index: 0, part: { type: 'text', text: '' } },
      { type: 'part-delta', index: 0, delta: { type: 'text', text: 'Let me ' } },
      { type: 'part-delta', index: 0, delta: { type: 'text', text: 'look.' } },
      { type: 'part-delta', index: 0, delta: { type: 'extras', extras: { gemini: { thoughtSignature: 'c2ln' } } } },
      { type: 'part-end', index: 0 },
      { type: 'finish', finish: { reason: 'stop' } },
    ];
    loopback.answer = { status: 200, type: 'text/event-stream', body: bytesOf(events) };
    for await (const chunk of await chat.sendMessageStream({ message: 'hi' })) assert.ok(chunk.candidates);
    assert.deepEqual(chat.getHistory(), [
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'model', parts: [{ text: 'Let me ' }] },
      { role: 'model', parts: [{ text: 'look.' }] },
      { role: 'model', parts: [{ text: '', thoughtSignature: 'c2ln' }] },
      { role: 'model', parts: [{ text: '' }] },
    ]);
  });
});

const STATUS_OF: Readonly<Record<FailureKind, number>> = {
  'invalid-request': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'payload-too-large': 413,
  'context-overflow': 400,
  'content-policy': 400,
  'rate-limit': 429,
  'quota-exhausted': 429,
  overloaded: 503,
  upstream: 502,
  protocol: 502,
  network: 502,
  timeout: 504,
  cancelled: 499,
  internal: 500,
};

describe('every failure that is written in gemini is one to Google’s own client', () => {
  for (const [kind, status] of Object.entries(STATUS_OF) as [FailureKind, number][])
    it(kind, async () => {
      const failure: Failure = { kind, message: 'It did not work.', retryAfterMs: 1500 };
      const { status: shown, body } = gemini.encodeFailure(failure);
      assert.equal(shown, status);
      loopback.answer = { status, type: 'application/json', body: JSON.stringify(body) };
      const refusal = (error: unknown): boolean => error instanceof ApiError && error.status === status;
      await assert.rejects(loopback.client.models.generateContent(ASKED), refusal);
      await assert.rejects(readStream(bytesOf([{ type: 'failure', failure }])), refusal);
    });
});
