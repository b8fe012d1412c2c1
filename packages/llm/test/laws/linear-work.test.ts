import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { PartDelta, StreamEvent } from '../../src/model/event.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Part } from '../../src/model/part.ts';
import { play } from '../../src/testing/play.ts';
import { BYTES_ACCURACY, bytesOf, counted, type Reads } from '../../src/testing/work.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { ClientCodec, Frame, StreamMachine, UpstreamCodec } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { WIRE_FORMATS } from '../../src/wire/registry.ts';

/**
 * The law: ten times the frames, or members of a request, cost at most twelve times the work. No clock is asked: reads
 * are counted, and memory, which may take twenty times as much because V8's own tables grow by doubling.
 */
const TIMES = 10;
const MOST_READS = 12;
const MOST_BYTES = 20;
const SHORT = 800;
const LONG = SHORT * TIMES;
/** Memory is looked at again when too much was taken: the compiler, at work beside us, takes some too. */
const LOOKS = 3;

/** Runs once; reads of what may grow are counted where `reads` is given. */
type Task = (reads?: Reads) => void;

function holds(name: string, taskOf: (size: number) => Task): void {
  it(name, () => {
    const [short, long] = [taskOf(SHORT), taskOf(LONG)];
    const [few, many] = [readsOf(short), readsOf(long)];
    assert.ok(many <= MOST_READS * few, `${many} reads for ${LONG}, ${few} for ${SHORT}`);
    for (let look = 1; look <= LOOKS; look += 1) {
      const some = bytesOf(() => {
        for (let time = 0; time < TIMES; time += 1) short();
      });
      const lots = bytesOf(() => long());
      if (lots <= (MOST_BYTES / TIMES) * some + BYTES_ACCURACY) return;
      if (look === LOOKS) assert.fail(`${lots} bytes for ${LONG}, ${some} for ${TIMES} times ${SHORT}`);
    }
  });
}

function readsOf(task: Task): number {
  const reads = { count: 0 };
  task(reads);
  return reads.count;
}

/** Steps a machine through inputs that are all there from the start. */
function stepping<In, Out, State>(machine: StreamMachine<In, Out, State>, inputs: readonly In[]): Task {
  return (reads) => {
    const state = reads === undefined ? machine.initial() : counted(machine.initial(), reads);
    for (const input of inputs) machine.step(state, input);
    machine.end(state);
  };
}

const START: StreamEvent = { type: 'response-start', id: 'a', model: 'm', createdAtMs: 0 };
const FINISH: StreamEvent = { type: 'finish', finish: { reason: 'stop' } };
const TEXT: Part = { type: 'text', text: '' };
const THOUGHT: Part = { type: 'reasoning', text: '' };
const callOf = (index: number): Part => ({ type: 'tool-call', id: `call_${index}`, name: 'f', argumentsJson: '' });

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const open = (index: number, part: Part): StreamEvent => ({ type: 'part-start', index, part });
const grow = (index: number, delta: PartDelta): StreamEvent => ({ type: 'part-delta', index, delta });
const close = (index: number): StreamEvent => ({ type: 'part-end', index });
const whole = (part: Part, deltas: readonly PartDelta[], index = 0): readonly StreamEvent[] => [
  open(index, part),
  ...deltas.map((delta) => grow(index, delta)),
  close(index),
];
const piece = (text: string): PartDelta => ({ type: 'text', text });
const json = (text: string): PartDelta => ({ type: 'arguments', json: text });
const noted = (index: number): PartDelta => ({
  type: 'extras',
  extras: {
    'anthropic-messages': { citations: [{ type: 'page_location', cited_text: `${index}` }] },
    'openai-chat': { annotations: [{ type: 'url_citation', index }] },
  },
});

/** Streams of about `size` events, by what they are long in. */
const STREAMS: Readonly<Record<string, (size: number) => readonly StreamEvent[]>> = {
  text: (size) =>
    whole(
      TEXT,
      times(size, () => piece('word ')),
    ),
  reasoning: (size) => whole(THOUGHT, [...times(size, () => piece('hm ')), { type: 'signature', signature: 's' }]),
  'a refusal': (size) =>
    whole(
      { type: 'refusal', text: '' },
      times(size, () => piece('no ')),
    ),
  'arguments in many pieces': (size) =>
    whole(callOf(0), [json('{"a":['), ...times(size, () => json('1,')), json('1]}')]),
  'calls one after another': (size) =>
    times(size / 4, (at) => whole(callOf(at), [json('{"a"'), json(':1}')], at)).flat(),
  'calls side by side': (size) => [
    ...times(size / 4, (at) => open(at, callOf(at))),
    ...times(size / 4, (at) => grow(at, json('{"a"'))),
    ...times(size / 4, (at) => grow(at, json(':1}'))),
    ...times(size / 4, close),
  ],
  'calls side by side that end in the order they came from last to first': (size) => [
    ...times(size / 4, (at) => open(at, callOf(at))),
    ...times(size / 4, (at) => grow(size / 4 - 1 - at, json('{"a":1}'))),
    ...times(size / 4, (at) => close(size / 4 - 1 - at)),
  ],
  'text and thoughts in turn': (size) =>
    times(size / 3, (at) => whole(at % 2 === 0 ? TEXT : THOUGHT, [piece('a')], at)).flat(),
  citations: (size) => whole(TEXT, times(size, noted)),
  pings: (size) => times(size, () => ({ type: 'ping' })),
};

const said = (events: readonly StreamEvent[]): readonly StreamEvent[] => [START, ...events, FINISH];
const REQUEST = { model: 'm', messages: [], stream: true, streamUsage: true };
const frame = (data: JsonObject): Frame => ({ event: '', data: JSON.stringify(data) });

const chunk = (delta: Json, more: JsonObject = {}): Frame =>
  frame({ id: 'a', created: 1, model: 'm', choices: [{ index: 0, delta }], ...more });
const callChunk = (call: JsonObject): Frame => chunk({ tool_calls: [call] });

/** Streams that our own encoders do not write, but servers may. */
const CHAT_STREAMS: Readonly<Record<string, (size: number) => readonly Frame[]>> = {
  'calls known by their ids': (size) => [
    ...times(size / 2, (at) => callChunk({ id: `call_${at}`, function: { name: 'f', arguments: '{' } })),
    ...times(size / 2, (at) => callChunk({ id: `call_${at}`, function: { arguments: '}' } })),
  ],
  'calls of one number that is used again': (size) =>
    times(size, (at) => callChunk({ index: 0, id: `call_${at}`, function: { name: 'f', arguments: '{}' } })),
  'members with names of their own': (size) => times(size, (at) => chunk({}, { [`x_${at}`]: at })),
  'members of the answer with names of their own': (size) => times(size, (at) => chunk({ [`x_${at}`]: at })),
  'thoughts that are signed': (size) =>
    times(size, (at) => chunk({ reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: `${at}` }] })),
};

const blockStart = (index: number, block: JsonObject): Frame =>
  frame({ type: 'content_block_start', index, content_block: block });
const blockDelta = (index: number, text: string): Frame =>
  frame({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: text } });
const blockStop = (index: number): Frame => frame({ type: 'content_block_stop', index });
const toolUse = (at: number): JsonObject => ({ type: 'tool_use', id: `toolu_${at}`, name: 'f', input: {} });

const MESSAGE_STREAMS: Readonly<Record<string, (size: number) => readonly Frame[]>> = {
  'blocks side by side': (size) => [
    ...times(size / 4, (at) => blockStart(at, toolUse(at))),
    ...times(size / 4, (at) => blockDelta(at, '{"a"')),
    ...times(size / 4, (at) => blockDelta(at, ':1}')),
    ...times(size / 4, blockStop),
  ],
  'blocks without an end': (size) => times(size, (at) => blockStart(at, { type: 'text', text: 'a' })),
  'a block of its own in many pieces': (size) => [
    blockStart(0, { ...toolUse(0), type: 'server_tool_use' }),
    ...times(size, () => blockDelta(0, '1')),
    blockStop(0),
  ],
  'counts with names of their own': (size) =>
    times(size, (at) => frame({ type: 'message_delta', delta: {}, usage: { [`x_${at}`]: at } })),
  'members of the end with names of their own': (size) =>
    times(size, (at) => frame({ type: 'message_delta', delta: { [`x_${at}`]: at } })),
};

const chatStream = (frames: readonly Frame[]): readonly Frame[] => [chunk({ role: 'assistant' }), ...frames];
const messageStream = (frames: readonly Frame[]): readonly Frame[] => [
  frame({ type: 'message_start', message: { id: 'a', model: 'm' } }),
  ...frames,
];

type Codec = UpstreamCodec<object> & ClientCodec;
const CODECS: readonly Codec[] = Object.values(WIRE_FORMATS);

for (const codec of CODECS)
  describe(`the work of ${codec.id} grows no faster than a stream`, () => {
    for (const [name, eventsOf] of Object.entries(STREAMS)) {
      holds(`writing ${name}`, (size) => stepping(codec.encodeStream(REQUEST), said(eventsOf(size))));
      holds(`reading ${name}`, (size) =>
        stepping(codec.decodeStream({}), play(codec.encodeStream(REQUEST), said(eventsOf(size)))),
      );
    }
  });

describe('the work on a stream as only servers write it grows no faster than the stream', () => {
  for (const [name, framesOf] of Object.entries(CHAT_STREAMS))
    holds(`reading ${name} in openai-chat`, (size) =>
      stepping(openAiChat.decodeStream({}), chatStream(framesOf(size))),
    );
  for (const [name, framesOf] of Object.entries(MESSAGE_STREAMS))
    holds(`reading ${name} in anthropic-messages`, (size) =>
      stepping(anthropicMessages.decodeStream({}), messageStream(framesOf(size))),
    );
});

const user = (content: Json): JsonObject => ({ role: 'user', content });
const assistant = (content: Json, more: JsonObject = {}): JsonObject => ({ role: 'assistant', content, ...more });
const textOf = (at: number): JsonObject => ({ type: 'text', text: `${at}`, cache_control: { type: 'ephemeral' } });
const named = (size: number): JsonObject => Object.fromEntries(times(size, (at) => [`x_${at}`, at]));
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };

/** Requests of about `size` pieces, by what they are long in. */
const CHAT_REQUESTS: Readonly<Record<string, (size: number) => JsonObject>> = {
  messages: (size) => ({ messages: times(size, (at) => (at % 2 === 0 ? user('a') : assistant('b', { name: 'bot' }))) }),
  parts: (size) => ({ messages: [user(times(size, textOf))] }),
  'parts of an answer': (size) => ({ messages: [user('a'), assistant(times(size, textOf))] }),
  refusals: (size) => ({ messages: [user('a'), assistant(times(size, () => ({ type: 'refusal', refusal: 'no' })))] }),
  'calls and their results': (size) => ({
    messages: [
      user('a'),
      assistant(null, {
        tool_calls: times(size / 2, (at) => ({
          id: `call_${at}`,
          type: 'function',
          function: { name: 'f', arguments: '{}' },
        })),
      }),
      ...times(size / 2, (at) => ({ role: 'tool', tool_call_id: `call_${at}`, content: [textOf(at)] })),
    ],
  }),
  thoughts: (size) => ({
    messages: [
      assistant('a', {
        reasoning_details: times(size, (at) => ({ type: 'reasoning.text', text: 'hm', signature: `${at}` })),
      }),
    ],
  }),
  tools: (size) => ({
    messages: [user('a')],
    tools: times(size, (at) => ({ type: 'function', function: { name: `f_${at}`, parameters: SCHEMA, x: 1 } })),
  }),
  'members without a meaning': (size) => ({ messages: [{ ...user('a'), ...named(size) }], ...named(size) }),
  instructions: (size) => ({ messages: [...times(size, () => ({ role: 'system', content: 'a' })), user('b')] }),
};

const result = (at: number): JsonObject => ({ type: 'tool_result', tool_use_id: `toolu_${at}`, content: [textOf(at)] });

const MESSAGE_REQUESTS: Readonly<Record<string, (size: number) => JsonObject>> = {
  messages: (size) => ({ messages: times(size, (at) => (at % 2 === 0 ? user('a') : assistant('b'))) }),
  blocks: (size) => ({ messages: [user(times(size, textOf))] }),
  'calls and their results': (size) => ({
    messages: [user('a'), assistant(times(size / 2, toolUse)), user(times(size / 2, result))],
  }),
  'results and words in turn': (size) => ({
    messages: [user('a'), user(times(size, (at) => (at % 2 === 0 ? result(at) : textOf(at))))],
  }),
  thoughts: (size) => ({
    messages: [assistant(times(size, (at) => ({ type: 'thinking', thinking: 'hm', signature: `${at}` })))],
  }),
  tools: (size) => ({
    messages: [user('a')],
    tools: times(size, (at) => ({ name: `f_${at}`, input_schema: SCHEMA, x: 1 })),
  }),
  'members without a meaning': (size) => ({ messages: [{ ...user('a'), ...named(size) }], ...named(size) }),
  instructions: (size) => ({ system: times(size, textOf), messages: [user('a')] }),
};

const REQUESTS: readonly (readonly [Codec, Readonly<Record<string, (size: number) => JsonObject>>])[] = [
  [openAiChat, CHAT_REQUESTS],
  [anthropicMessages, MESSAGE_REQUESTS],
];

function reading(codec: Codec, body: JsonObject): Task {
  return (reads) => {
    assert.ok(codec.decodeRequest(reads === undefined ? body : counted(body, reads)).ok);
  };
}

function writing(from: Codec, to: Codec, body: JsonObject): Task {
  const request = from.decodeRequest(body);
  assert.ok(request.ok);
  return (reads) => {
    const { value } = request;
    assert.ok(to.encodeRequest(reads === undefined ? value : counted(value, reads), {}).ok);
  };
}

for (const [codec, requests] of REQUESTS)
  describe(`the work on a request of ${codec.id} grows no faster than the request`, () => {
    for (const [name, membersOf] of Object.entries(requests)) {
      const bodyOf = (size: number): JsonObject => ({ model: 'm', max_tokens: 9, ...membersOf(size) });
      holds(`reading ${name}`, (size) => reading(codec, bodyOf(size)));
      for (const to of CODECS) holds(`writing ${name} in ${to.id}`, (size) => writing(codec, to, bodyOf(size)));
    }
  });
