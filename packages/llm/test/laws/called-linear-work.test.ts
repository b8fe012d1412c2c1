import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../../src/model/json.ts';
import type { Message } from '../../src/model/message.ts';
import type { Part } from '../../src/model/part.ts';
import { BYTES_ACCURACY, bytesOf, counted } from '../../src/testing/work.ts';
import { bedrockConverse } from '../../src/wire/bedrock-converse/index.ts';
import type { Frame, StreamMachine, UpstreamCodec } from '../../src/wire/codec.ts';
import { ollamaChat } from '../../src/wire/ollama-chat/index.ts';

// The law of linear-work.test.ts for formats that are only called: ten times the input, at most twelve times the work.

const SHORT = 800;
const LONG = 8000;
const MOST_READS = 12;
const MOST_BYTES = 20;

const times = <Item>(count: number, made: (at: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, at) => made(at));

/** Work that reads or writes something of about that size; reads of what may grow are counted where asked for. */
type Task = (reads?: { count: number }) => void;

function holds(name: string, taskOf: (size: number) => Task): void {
  it(name, () => {
    const readsOf = (task: Task): number => {
      const reads = { count: 0 };
      task(reads);
      return reads.count;
    };
    const [short, long] = [taskOf(SHORT), taskOf(LONG)];
    const [few, many] = [readsOf(short), readsOf(long)];
    assert.ok(many <= MOST_READS * few, `${many} reads for ${LONG}, ${few} for ${SHORT}`);
    const looks = times(3, () => bytesOf(() => long()) - (MOST_BYTES / 10) * bytesOf(() => times(10, () => short())));
    // The compiler, at work beside us, takes some memory too.
    assert.ok(Math.min(...looks) <= BYTES_ACCURACY, `${Math.min(...looks)} bytes too many`);
  });
}

function stepping<State>(machine: StreamMachine<Frame, unknown, State>, frames: readonly Frame[]): Task {
  return (reads) => {
    const state = reads === undefined ? machine.initial() : counted(machine.initial(), reads);
    for (const frame of frames) machine.step(state, frame);
    machine.end(state);
  };
}

const frame = (event: string, data: JsonObject): Frame => ({ event, data: JSON.stringify(data) });
const delta = (at: number, value: JsonObject): Frame =>
  frame('contentBlockDelta', { contentBlockIndex: at, delta: value });
const start = (at: number, value: JsonObject): Frame =>
  frame('contentBlockStart', { contentBlockIndex: at, start: value });
const use = (at: number, more: JsonObject = {}): JsonObject => ({
  toolUse: { toolUseId: `${at}`, name: 'f', ...more },
});

const CONVERSE: Readonly<Record<string, (size: number) => readonly Frame[]>> = {
  words: (size) => times(size, () => delta(0, { text: 'a' })),
  'blocks without an end': (size) => times(size, (at) => delta(at, { text: 'a' })),
  'calls side by side': (size) => [
    ...times(size / 2, (at) => start(at, use(at))),
    ...times(size / 2, (at) => delta(at, { toolUse: { input: '{}' } })),
  ],
  'a call of Amazon’s own in many pieces': (size) => [
    start(0, use(0, { type: 'server_tool_use' })),
    ...times(size, () => delta(0, { toolUse: { input: '1' } })),
  ],
  'a result of many items': (size) => [
    start(0, { toolResult: {} }),
    ...times(size, () => delta(0, { toolResult: [{ text: 'a' }] })),
  ],
  'hidden thoughts in many pieces': (size) =>
    times(size, () => delta(0, { reasoningContent: { redactedContent: 'aGk=' } })),
  citations: (size) => times(size, () => delta(0, { citation: { title: 'a' } })),
};

const OLLAMA: Readonly<Record<string, (size: number) => readonly Frame[]>> = {
  words: (size) => times(size, () => frame('', { message: { content: 'a' } })),
  'words and thoughts in turn': (size) =>
    times(size, (at) => frame('', { message: { [at % 2 ? 'content' : 'thinking']: 'a' } })),
  calls: (size) =>
    times(size, () => frame('', { message: { tool_calls: [{ function: { name: 'f', arguments: {} } }] } })),
  'members with names of their own': (size) => times(size, (at) => frame('', { [`x_${at}`]: at })),
};

describe('the work of reading a stream grows no faster than the stream', () => {
  for (const [name, framesOf] of Object.entries(CONVERSE))
    holds(`${name} in bedrock-converse`, (size) =>
      stepping(bedrockConverse.decodeStream({}), [
        frame('messageStart', {}),
        ...framesOf(size),
        frame('messageStop', {}),
      ]),
    );
  for (const [name, framesOf] of Object.entries(OLLAMA))
    holds(`${name} in ollama-chat`, (size) =>
      stepping(ollamaChat.decodeStream({}), [...framesOf(size), frame('', { done: true })]),
    );
});

const text = (at: number): Part => ({ type: 'text', text: `${at}`, cacheControl: { type: 'ephemeral' } });
const call = (at: number): Part => ({ type: 'tool-call', id: `c${at}`, name: 'f', argumentsJson: '{}' });
const result = (at: number) =>
  ({ type: 'tool-result', toolCallId: `c${at}`, content: [text(at)], isError: false }) as const;
const user = (content: readonly Part[]): Message => ({ role: 'user', content });
const pdf = (filename: string): Part => ({
  type: 'media',
  mediaType: 'application/pdf',
  source: { kind: 'base64', data: 'aGk=' },
  filename,
});

const MESSAGES: Readonly<Record<string, (size: number) => readonly Message[]>> = {
  turns: (size) => times(size, (at) => (at % 2 === 0 ? user([text(at)]) : { role: 'assistant', content: [text(at)] })),
  'turns of one side': (size) => times(size, (at) => user([text(at)])),
  parts: (size) => [user(times(size, text))],
  'calls and their results': (size) => [
    { role: 'assistant', content: times(size / 2, call) },
    { role: 'tool', content: times(size / 2, result) },
  ],
  instructions: (size) => times(size, (at) => ({ role: 'system', audience: 'system', content: [text(at)] })),
  'documents of one name': (size) => [user(times(size, () => pdf('a')))],
};

const CODECS: readonly UpstreamCodec<object>[] = [bedrockConverse, ollamaChat];

describe('the work of writing a request grows no faster than the request', () => {
  for (const codec of CODECS)
    for (const [name, messagesOf] of Object.entries(MESSAGES))
      holds(`${name} in ${codec.id}`, (size) => {
        const tools = times(size / 10, (at) => ({ type: 'function', name: `f${at}` }) as const);
        const request = { model: 'm', messages: messagesOf(size), tools, stream: false, streamUsage: false };
        return (reads) => {
          assert.ok(codec.encodeRequest(reads === undefined ? request : counted(request, reads), {}).ok);
        };
      });
});
