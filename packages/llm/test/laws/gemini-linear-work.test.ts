import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../src/model/event.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { play } from '../../src/testing/play.ts';
import { BYTES_ACCURACY, bytesOf, counted, type Reads } from '../../src/testing/work.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame, StreamMachine } from '../../src/wire/codec.ts';
import { gemini } from '../../src/wire/gemini/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';

// The law of linear-work.test.ts for what only Gemini's servers and callers say.

const SHORT = 800;
const TIMES = 10;
const MOST_READS = 12;
const MOST_BYTES = 20;

type Task = (reads?: Reads) => void;

const times = <Item>(count: number, made: (at: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, at) => made(at));

/** Ten times the input costs at most twelve times the reads and, tables growing by doubling, twenty times the memory. */
function holds(name: string, taskOf: (size: number) => Task): void {
  it(name, () => {
    const [short, long] = [taskOf(SHORT), taskOf(SHORT * TIMES)];
    const [few, many] = [short, long].map((task) => {
      const reads = { count: 0 };
      task(reads);
      return reads.count;
    }) as [number, number];
    assert.ok(many <= MOST_READS * few, `${many} reads for ${few}`);
    const over = times(
      3,
      () => bytesOf(() => long()) - (MOST_BYTES / TIMES) * bytesOf(() => times(TIMES, () => short())),
    );
    // The compiler, at work beside us, takes some memory too.
    assert.ok(Math.min(...over) <= BYTES_ACCURACY, `${Math.min(...over)} bytes too many`);
  });
}

function stepping<In, State>(machine: StreamMachine<In, unknown, State>, inputs: readonly In[]): Task {
  return (reads) => {
    const state = reads === undefined ? machine.initial() : counted(machine.initial(), reads);
    for (const input of inputs) machine.step(state, input);
    machine.end(state);
  };
}

const chunk = (parts: readonly Json[], candidate: JsonObject = {}, more: JsonObject = {}): Frame => ({
  event: '',
  data: JSON.stringify({ candidates: [{ content: { parts, role: 'model' }, index: 0, ...candidate }], ...more }),
});
const call = (at: number): JsonObject => ({ functionCall: { name: `f_${at % 7}`, args: { at } } });

/** Streams of about `size` pieces, by what they are long in. */
const STREAMS: Readonly<Record<string, (size: number) => readonly Frame[]>> = {
  'words in many chunks': (size) => times(size, () => chunk([{ text: 'word ' }])),
  'words in one chunk': (size) => [chunk(times(size, () => ({ text: 'word ' })))],
  'words and thoughts in turn': (size) => times(size, (at) => chunk([{ text: 'a', thought: at % 2 === 0 }])),
  'words that are all signed': (size) => times(size, (at) => chunk([{ text: 'a', thoughtSignature: `${at}` }])),
  'calls without ids': (size) => times(size, (at) => chunk([call(at)])),
  'calls in pieces': (size) => times(size, () => chunk([{ functionCall: { partialArgs: [{}], willContinue: true } }])),
  pictures: (size) => times(size, () => chunk([{ inlineData: { mimeType: 'image/png', data: 'aGk=' } }])),
  citations: (size) => times(size, (at) => chunk([], { citationMetadata: { citationSources: [{ uri: `${at}` }] } })),
  'members with names of their own': (size) => times(size, (at) => chunk([], { [`x_${at}`]: at }, { [`y_${at}`]: at })),
  counts: (size) => times(size, (at) => chunk([], {}, { usageMetadata: { promptTokenCount: at, [`x_${at}`]: at } })),
};
const STOP = chunk([], { finishReason: 'STOP' });

describe('the work on a stream as only Google’s servers write it grows no faster than the stream', () => {
  for (const [name, framesOf] of Object.entries(STREAMS)) {
    const eventsOf = (size: number): readonly StreamEvent[] => play(gemini.decodeStream({}), [...framesOf(size), STOP]);
    const request = { model: 'm', messages: [], stream: true, streamUsage: true };
    holds(`reading ${name}`, (size) => stepping(gemini.decodeStream({}), [...framesOf(size), STOP]));
    holds(`writing ${name} again`, (size) => stepping(gemini.encodeStream(request), eventsOf(size)));
  }
});

const user = (parts: Json): JsonObject => ({ role: 'user', parts });
const model = (parts: Json): JsonObject => ({ role: 'model', parts });
const result = (at: number): JsonObject => ({
  functionResponse: { name: `f_${at % 7}`, response: { output: `${at}` } },
});
const named = (size: number): JsonObject => Object.fromEntries(times(size, (at) => [`x_${at}`, at]));

/** Requests of about `size` pieces, by what they are long in. */
const REQUESTS: Readonly<Record<string, (size: number) => JsonObject>> = {
  contents: (size) => ({ contents: times(size, (at) => (at % 2 === 0 ? user({ text: 'a' }) : model({ text: 'b' }))) }),
  parts: (size) => ({ contents: [user(times(size, () => ({ text: 'a', thought_signature: 'c2ln' })))] }),
  'calls and their results, without ids': (size) => ({
    contents: [user({ text: 'a' }), model(times(size / 2, call)), user(times(size / 2, result))],
  }),
  'results in contents of their own': (size) => ({
    contents: [user({ text: 'a' }), model(times(size / 2, call)), ...times(size / 2, (at) => user([result(at)]))],
  }),
  'results from last to first, with ids': (size) => ({
    contents: [
      model(times(size / 2, (at) => ({ functionCall: { name: 'f', id: `${at}` } }))),
      user(
        times(size / 2, (at) => ({
          functionResponse: { name: 'f', ...(at % 2 === 0 && { id: `${size / 2 - 1 - at}` }), response: {} },
        })),
      ),
    ],
  }),
  'results of calls that nobody made': (size) => ({ contents: [user(times(size, result))] }),
  'results and words in turn': (size) => ({
    contents: [user(times(size, (at) => (at % 2 === 0 ? result(at) : { text: 'a' })))],
  }),
  'a result of many pictures': (size) => ({
    contents: [
      user({
        functionResponse: {
          name: 'f',
          response: {},
          parts: times(size, () => ({ inlineData: { mimeType: 'image/png', data: 'aGk=' } })),
        },
      }),
    ],
  }),
  functions: (size) => ({
    contents: [user({ text: 'a' })],
    tools: times(size, (at) => ({ functionDeclarations: [{ name: `f_${at}`, parameters: { type: 'OBJECT' } }] })),
  }),
  'a schema of many members': (size) => ({
    contents: [user({ text: 'a' })],
    generationConfig: {
      responseMimeType: 'application/json',
      responseSchema: {
        type: 'OBJECT',
        properties: Object.fromEntries(times(size, (at) => [`p_${at}`, { type: 'STRING' }])),
      },
    },
  }),
  instructions: (size) => ({
    contents: [user({ text: 'a' })],
    systemInstruction: { parts: times(size, () => ({ text: 'a' })) },
  }),
  'members without a meaning': (size) => ({
    contents: [{ ...user({ text: 'a', ...named(size) }), ...named(size) }],
    generationConfig: named(size),
    ...named(size),
  }),
};

describe('the work on a request as only Google’s callers write it grows no faster than the request', () => {
  const addressed = { model: 'm', stream: false };
  for (const [name, bodyOf] of Object.entries(REQUESTS)) {
    holds(`reading ${name}`, (size) => {
      const body = bodyOf(size);
      return (reads) => {
        assert.ok(gemini.decodeRequest(reads === undefined ? body : counted(body, reads), addressed).ok);
      };
    });
    for (const to of [gemini, openAiChat, anthropicMessages])
      holds(`writing ${name} in ${to.id}`, (size) => {
        const request = gemini.decodeRequest(bodyOf(size), addressed);
        assert.ok(request.ok);
        const { value } = request;
        return (reads) => {
          assert.ok(to.encodeRequest(reads === undefined ? value : counted(value, reads), {}).ok);
        };
      });
  }
});
