import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { play } from '../../src/testing/play.ts';
import { BYTES_ACCURACY, bytesOf, counted, type Reads } from '../../src/testing/work.ts';
import type { Frame, StreamMachine } from '../../src/wire/codec.ts';
import { openAiResponses } from '../../src/wire/openai-responses/index.ts';

// The law of linear-work.test.ts for what only this format can say: ten times the input, at most twelve times the work.

const SHORT = 800;
const LONG = 8000;
const MOST_READS = 12;
const MOST_BYTES = 20;
const LOOKS = 3;

type Task = (reads?: Reads) => void;

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

function readsOf(task: Task): number {
  const reads = { count: 0 };
  task(reads);
  return reads.count;
}

/** Bytes that the long task takes more than it may; the compiler, at work beside us, takes some too. */
const excess = (short: Task, long: Task): number =>
  bytesOf(() => long()) - (MOST_BYTES / 10) * bytesOf(() => times(10, () => short()));

function holds(name: string, taskOf: (size: number) => Task): void {
  it(name, () => {
    const [short, long] = [taskOf(SHORT), taskOf(LONG)];
    const [few, many] = [readsOf(short), readsOf(long)];
    assert.ok(many <= MOST_READS * few, `${many} reads for ${LONG}, ${few} for ${SHORT}`);
    const least = Math.min(...times(LOOKS, () => excess(short, long)));
    assert.ok(least <= BYTES_ACCURACY, `${least} bytes too many`);
  });
}

function stepping<In, Out, State>(machine: StreamMachine<In, Out, State>, inputs: readonly In[]): Task {
  return (reads) => {
    const state = reads === undefined ? machine.initial() : counted(machine.initial(), reads);
    for (const input of inputs) machine.step(state, input);
    machine.end(state);
  };
}

const frame = (type: string, data: JsonObject): Frame => ({ event: type, data: JSON.stringify({ type, ...data }) });
const added = (at: number, item: JsonObject): Frame =>
  frame('response.output_item.added', { output_index: at, item: { id: `item_${at}`, ...item } });
const done = (at: number, item: JsonObject): Frame =>
  frame('response.output_item.done', { output_index: at, item: { id: `item_${at}`, ...item } });
const said = (type: string, at: number, delta: string, more: JsonObject = {}): Frame =>
  frame(`response.${type}.delta`, { output_index: at, item_id: `item_${at}`, delta, ...more });

const MESSAGE = { type: 'message', role: 'assistant', content: [] };
const callOf = (at: number): JsonObject => ({
  type: 'function_call',
  call_id: `call_${at}`,
  name: 'f',
  arguments: '{}',
});
const CUSTOM = { type: 'custom_tool_call', call_id: 'call_a', name: 'f', input: '' };
const TEXT = { type: 'output_text', text: 'a', annotations: [] };

const STREAMS: Readonly<Record<string, (size: number) => readonly Frame[]>> = {
  'messages that are never over': (size) =>
    times(size / 2, (at) => [added(at, MESSAGE), said('output_text', at, 'a')]).flat(),
  'items that wait for the one before them': (size) => [
    added(0, MESSAGE),
    ...times(size / 2, (at) => [added(at + 1, callOf(at)), done(at + 1, callOf(at))]).flat(),
    done(0, MESSAGE),
  ],
  'calls side by side that are never over': (size) => times(size, (at) => added(at, callOf(at))),
  'parts of one message': (size) => [
    added(0, MESSAGE),
    ...times(size, (at) =>
      frame('response.content_part.done', { output_index: 0, item_id: 'item_0', content_index: at, part: TEXT }),
    ),
  ],
  'notes on one text': (size) => [
    added(0, MESSAGE),
    ...times(size, (at) =>
      frame('response.output_text.annotation.added', { output_index: 0, content_index: 0, annotation: { at } }),
    ),
  ],
  'thoughts in many pieces': (size) => [
    added(0, { type: 'reasoning', summary: [] }),
    ...times(size, (at) => said('reasoning_summary_text', 0, 'hm', { summary_index: at })),
  ],
  'a text for a custom tool': (size) => [
    added(0, CUSTOM),
    ...times(size, () => said('custom_tool_call_input', 0, 'a"\n')),
    done(0, { ...CUSTOM, input: 'a"\n'.repeat(size) }),
  ],
  'events that nobody knows': (size) => times(size, (at) => frame('response.unheard_of', { output_index: at })),
  'one last word': (size) => [
    frame('response.completed', { response: { output: times(size, (at) => ({ id: `item_${at}`, ...callOf(at) })) } }),
  ],
};

const REQUEST = { model: 'm', messages: [], stream: true, streamUsage: true };
const start = frame('response.created', { response: { id: 'resp_a', model: 'm', output: [] } });
const ending = frame('response.completed', { response: { id: 'resp_a' } });

describe('the work on a stream of openai-responses grows no faster than the stream', () => {
  for (const [name, framesOf] of Object.entries(STREAMS)) {
    const whole = (size: number): readonly Frame[] => [start, ...framesOf(size), ending];
    holds(`reading ${name}`, (size) => stepping(openAiResponses.decodeStream({}), whole(size)));
    holds(`writing ${name}`, (size) => {
      const events: readonly StreamEvent[] = play(openAiResponses.decodeStream({}), whole(size));
      return stepping(openAiResponses.encodeStream(REQUEST), events);
    });
  }
});

const tool = (at: number): JsonObject => ({ type: 'function', name: `f_${at}`, parameters: {}, strict: true });

/** Requests of about `size` pieces, by what they are long in. */
const REQUESTS: Readonly<Record<string, (size: number) => JsonObject>> = {
  items: (size) => ({
    input: times(size / 4, (at) => [
      { type: 'reasoning', id: `rs_${at}`, summary: [], encrypted_content: 'a' },
      { ...callOf(at), id: `fc_${at}` },
      { type: 'function_call_output', call_id: `call_${at}`, output: [{ type: 'input_text', text: 'a', x: 1 }] },
      { role: 'user', content: 'a', id: `msg_${at}` },
    ]).flat(),
  }),
  'messages of the model': (size) => ({
    input: times(size, (at) => ({ role: 'assistant', content: [{ type: 'output_text', text: 'a' }], id: `msg_${at}` })),
  }),
  'tools in namespaces': (size) => ({
    input: 'a',
    tools: times(size / 2, (at) => ({ type: 'namespace', name: `n_${at}`, tools: [tool(at), tool(0)] })),
  }),
  'items that offer tools': (size) => ({
    input: times(size / 2, (at) => [
      { type: 'additional_tools', role: 'developer', tools: [tool(at)] },
      { role: 'user', content: 'a' },
    ]).flat(),
  }),
};

describe('the work on a request of openai-responses grows no faster than the request', () => {
  for (const [name, membersOf] of Object.entries(REQUESTS)) {
    holds(`reading ${name}`, (size) => {
      const body = { model: 'm', ...membersOf(size) };
      return (reads) => {
        assert.ok(openAiResponses.decodeRequest(reads === undefined ? body : counted<JsonObject>(body, reads)).ok);
      };
    });
    holds(`writing ${name}`, (size) => {
      const request = openAiResponses.decodeRequest({ model: 'm', ...membersOf(size) });
      assert.ok(request.ok);
      return (reads) => {
        const { value } = request;
        assert.ok(openAiResponses.encodeRequest(reads === undefined ? value : counted(value, reads), {}).ok);
      };
    });
  }
});
