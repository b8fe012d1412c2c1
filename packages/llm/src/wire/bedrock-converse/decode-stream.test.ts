import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { StreamEvent } from '../../model/event.ts';
import { collect } from '../../model/fold.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { play } from '../../testing/play.ts';
import type { Frame } from '../codec.ts';
import { bedrockConverse } from './index.ts';

const frame = (event: string, data: JsonObject): Frame => ({ event, data: JSON.stringify({ ...data, p: 'abc' }) });
const START = frame('messageStart', { role: 'assistant' });
const delta = (at: number, value: JsonObject): Frame =>
  frame('contentBlockDelta', { contentBlockIndex: at, delta: value });
const blockStart = (at: number, start: JsonObject): Frame =>
  frame('contentBlockStart', { contentBlockIndex: at, start });
const blockStop = (at: number): Frame => frame('contentBlockStop', { contentBlockIndex: at });
const STOP = frame('messageStop', { stopReason: 'end_turn' });
const USAGE = { inputTokens: 3, outputTokens: 4, totalTokens: 9, cacheReadInputTokens: 2 };
const METADATA = frame('metadata', { usage: USAGE, metrics: { latencyMs: 5 } });

const hear = (...frames: readonly Frame[]): readonly StreamEvent[] => play(bedrockConverse.decodeStream({}), frames);

describe('a Converse stream', () => {
  it('opens text with its first words, and costs what the word behind its end says', () => {
    assert.deepEqual(hear(START, delta(0, { text: 'a' }), delta(0, { text: 'b' }), blockStop(0), STOP, METADATA), [
      { type: 'response-start', id: '', model: '', createdAtMs: 0 },
      { type: 'part-start', index: 0, part: { type: 'text', text: '' } },
      { type: 'part-delta', index: 0, delta: { type: 'text', text: 'a' } },
      { type: 'part-delta', index: 0, delta: { type: 'text', text: 'b' } },
      { type: 'part-end', index: 0 },
      {
        type: 'finish',
        finish: { reason: 'stop', raw: 'end_turn' },
        usage: {
          inputTokens: 5,
          outputTokens: 4,
          cacheReadTokens: 2,
          cacheWriteTokens: 0,
          cacheWrite1hTokens: 0,
          reasoningTokens: 0,
          estimated: false,
        },
        extras: { 'bedrock-converse': { metrics: { latencyMs: 5 } } },
      },
    ]);
  });

  it('is a failure without its end, and no failure without what it cost', () => {
    assert.equal(hear(START, delta(0, { text: 'a' }), blockStop(0), METADATA).at(-1)?.type, 'failure');
    assert.equal(hear(START, delta(0, { text: 'a' })).at(-1)?.type, 'failure');
    assert.equal(hear().at(-1)?.type, 'failure');
    const [finish] = hear(START, STOP).slice(-1);
    assert.ok(finish?.type === 'finish' && finish.usage === undefined);
  });

  it('ends with the exception that breaks it off, by its name', () => {
    const kinds = (name: string): unknown => {
      const last = hear(START, delta(0, { text: 'a' }), frame(name, { message: 'm' }), STOP).at(-1);
      return last?.type === 'failure' ? [last.failure.kind, last.failure.message, last.failure.code] : last;
    };
    assert.deepEqual(kinds('throttlingException'), ['rate-limit', 'm', 'throttlingException']);
    assert.deepEqual(kinds('serviceUnavailableException'), ['overloaded', 'm', 'serviceUnavailableException']);
    assert.deepEqual(kinds('validationException'), ['invalid-request', 'm', 'validationException']);
    assert.deepEqual(kinds('modelStreamErrorException'), ['upstream', 'm', 'modelStreamErrorException']);
    assert.deepEqual(kinds('somethingNewException'), ['upstream', 'm', 'somethingNewException']);
    assert.deepEqual(kinds('error'), ['upstream', 'm', undefined]);
  });

  it('keeps the order of calls that are open side by side', () => {
    const use = (id: string): JsonObject => ({ toolUse: { toolUseId: id, name: 'f' } });
    const arguments_ = (at: number, input: string): Frame => delta(at, { toolUse: { input } });
    const answer = collect(
      hear(
        START,
        blockStart(0, use('a')),
        blockStart(1, use('b')),
        arguments_(1, '{"b":'),
        arguments_(0, '{"a":1}'),
        arguments_(1, '2}'),
        blockStop(1),
        blockStop(0),
        STOP,
      ),
    );
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.content, [
      { type: 'tool-call', id: 'a', name: 'f', argumentsJson: '{"a":1}' },
      { type: 'tool-call', id: 'b', name: 'f', argumentsJson: '{"b":2}' },
    ]);
  });

  it('joins the bytes of a picture, whose pieces are each written in base64', () => {
    const image = (text: string): JsonObject => ({
      image: { source: { bytes: Buffer.from(text).toString('base64') } },
    });
    const answer = collect(
      hear(START, blockStart(0, { image: { format: 'png' } }), delta(0, image('a')), delta(0, image('bc')), STOP),
    );
    assert.ok(answer.ok);
    const source = { kind: 'base64', data: Buffer.from('abc').toString('base64') };
    assert.deepEqual(answer.value.content, [{ type: 'media', mediaType: 'image/png', source }]);
  });
});

const text = fc.string({ maxLength: 8 });
const id = fc.constantFrom('a', 'b');
/** Blocks of an answer as a whole. */
const block: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ text: fc.string({ minLength: 1, maxLength: 8 }) }),
  fc.record({ reasoningContent: fc.record({ reasoningText: fc.record({ text, signature: fc.constant('c2ln') }) }) }),
  fc.record({ reasoningContent: fc.record({ redactedContent: fc.constantFrom('aGk=', 'aGlkZGVu') }) }),
  fc.record({
    toolUse: fc.record({ toolUseId: id, name: id, input: fc.dictionary(id, text, { noNullPrototype: true }) }),
  }),
  fc.record({
    toolUse: fc.record({ toolUseId: id, name: id, type: fc.constant('server_tool_use'), input: fc.constant({ a: 1 }) }),
  }),
  fc.record({
    toolResult: fc.record({
      toolUseId: id,
      status: fc.constant('success'),
      content: fc.array(fc.record({ text }), { minLength: 1, maxLength: 2 }),
    }),
  }),
  fc.record({
    citationsContent: fc.record({
      content: fc.tuple(fc.record({ text: fc.string({ minLength: 1, maxLength: 8 }) })),
      citations: fc.array(fc.record({ title: text }), { minLength: 1, maxLength: 2 }),
    }),
  }),
);

const pieces = (whole: string): readonly string[] =>
  whole === '' ? [] : [whole.slice(0, 3), whole.slice(3)].filter((each) => each !== '');

/** The frames in which Amazon says a block, each wish of it in pieces. */
function framesOf(value: JsonObject, at: number): readonly Frame[] {
  const [[kind, inner]] = Object.entries(value) as [[string, JsonObject & string]];
  const deltas = (values: readonly JsonObject[]): readonly Frame[] => [
    ...values.map((each) => delta(at, each)),
    blockStop(at),
  ];
  if (kind === 'text') return deltas(pieces(inner).map((each) => ({ text: each })));
  if (kind === 'citationsContent') {
    const [said] = inner['content'] as unknown as readonly [{ text: string }];
    const citations = inner['citations'] as readonly JsonObject[];
    return deltas([
      ...pieces(said.text).map((each) => ({ text: each })),
      ...citations.map((citation) => ({ citation })),
    ]);
  }
  if (kind === 'toolResult') {
    const { content, ...start } = inner as JsonObject;
    return [blockStart(at, { toolResult: start }), ...deltas([{ toolResult: content ?? [] }])];
  }
  if (kind === 'toolUse') {
    const { input, ...start } = inner as JsonObject;
    return [
      blockStart(at, { toolUse: start }),
      ...deltas(pieces(JSON.stringify(input)).map((each) => ({ toolUse: { input: each } }))),
    ];
  }
  const said = inner['reasoningText'] as JsonObject | undefined;
  if (said === undefined) return deltas([{ reasoningContent: inner }]);
  return deltas([
    ...pieces(said['text'] as string).map((each) => ({ reasoningContent: { text: each } })),
    { reasoningContent: { signature: said['signature'] ?? '' } },
  ]);
}

describe('a Converse stream and the whole answer', () => {
  it('say the same', () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (content) => {
        const frames = [START, ...content.flatMap(framesOf), STOP, METADATA];
        const body = {
          output: { message: { content } },
          stopReason: 'end_turn',
          usage: USAGE,
          metrics: { latencyMs: 5 },
        };
        assert.deepEqual(
          collect(hear(...frames)),
          bedrockConverse.decodeResponse(JSON.parse(JSON.stringify(body)) as Json, {}),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
