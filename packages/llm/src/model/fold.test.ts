import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { StreamEvent } from './event.ts';
import type { Extras } from './extras.ts';
import { collect, replay } from './fold.ts';
import type { JsonObject } from './json.ts';
import type { Part } from './part.ts';
import type { GenerationResponse } from './response.ts';

const text = fc.string({ unit: 'binary' });
const count = fc.nat(1_000_000_000);
// Cast: a dictionary of JSON values is a JSON object.
const jsonObject = fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>;
const extras: fc.Arbitrary<Extras> = fc.record(
  { 'openai-chat': jsonObject, 'anthropic-messages': jsonObject },
  { requiredKeys: [] },
);
const optional = { cacheControl: jsonObject, extras };

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant('text'), text, ...optional }, { requiredKeys: ['type', 'text'] }),
  fc.record({ type: fc.constant('refusal'), text, ...optional }, { requiredKeys: ['type', 'text'] }),
  fc.record(
    { type: fc.constant('reasoning'), text, signature: text, redacted: text, ...optional },
    { requiredKeys: ['type', 'text'] },
  ),
  fc.record(
    { type: fc.constant('tool-call'), id: text, name: text, argumentsJson: text, ...optional },
    { requiredKeys: ['type', 'id', 'name', 'argumentsJson'] },
  ),
  fc.record({ type: fc.constant('vendor'), format: fc.constant('openai-chat'), kind: text, value: jsonObject }),
  fc.record({
    type: fc.constant('media'),
    mediaType: text,
    source: fc.record({ kind: fc.constant('base64'), data: text }),
  }),
);

const response: fc.Arbitrary<GenerationResponse> = fc.record(
  {
    id: text,
    model: text,
    createdAtMs: count,
    content: fc.array(part, { maxLength: 5 }),
    finish: fc.record(
      { reason: fc.constantFrom('stop', 'length', 'tool-calls', 'other'), raw: text, stopSequence: text },
      { requiredKeys: ['reason'] },
    ),
    usage: fc.record({
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWriteTokens: count,
      cacheWrite1hTokens: count,
      reasoningTokens: count,
      estimated: fc.boolean(),
    }),
    extras,
  },
  { requiredKeys: ['id', 'model', 'createdAtMs', 'content', 'finish'] },
);

const USAGE = {
  inputTokens: 1,
  outputTokens: 2,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};
const START: StreamEvent = { type: 'response-start', id: 'r', model: 'm', createdAtMs: 5 };
const FINISH: StreamEvent = { type: 'finish', finish: { reason: 'stop' } };

function contentOf(...events: readonly StreamEvent[]): readonly Part[] {
  const collected = collect([START, ...events, FINISH]);
  assert.ok(collected.ok);
  return collected.value.content;
}

describe('collect', () => {
  it('gives back what was replayed', () => {
    fc.assert(
      fc.property(response, (generated) => {
        // A copy has the ordinary prototypes that generated records lack.
        const answer = structuredClone(generated);
        assert.deepEqual(collect(replay(answer)), { ok: true, value: answer });
      }),
      { numRuns: 1000 },
    );
  });

  it('joins pieces to the part they belong to, side by side too', () => {
    const call = (index: number): StreamEvent => ({
      type: 'part-start',
      index,
      part: { type: 'tool-call', id: `c${index}`, name: 'f', argumentsJson: '' },
    });
    const piece = (index: number, json: string): StreamEvent => ({
      type: 'part-delta',
      index,
      delta: { type: 'arguments', json },
    });
    const content = contentOf(call(0), call(1), piece(0, '{"a"'), piece(1, '{}'), piece(0, ':1}'));
    assert.deepEqual(
      content.map((each) => each.type === 'tool-call' && each.argumentsJson),
      ['{"a":1}', '{}'],
    );
  });

  it('sets the signature of reasoning and appends its text', () => {
    const content = contentOf(
      { type: 'part-start', index: 0, part: { type: 'reasoning', text: 'a' } },
      { type: 'part-delta', index: 0, delta: { type: 'text', text: 'b' } },
      { type: 'part-delta', index: 0, delta: { type: 'signature', signature: 's' } },
      { type: 'part-end', index: 0 },
    );
    assert.deepEqual(content, [{ type: 'reasoning', text: 'ab', signature: 's' }]);
  });

  it('lets lists in extras grow, takes the later of other members, and changes no event', () => {
    const note = (members: JsonObject): StreamEvent => ({
      type: 'part-delta',
      index: 0,
      delta: { type: 'extras', extras: { 'anthropic-messages': members } },
    });
    const first: Part = { type: 'text', text: '', extras: { 'anthropic-messages': { citations: [1], n: 1 } } };
    const events: readonly StreamEvent[] = [
      { type: 'part-start', index: 0, part: first },
      note({ citations: [2], n: 2 }),
      note({ citations: [3, 4] }),
    ];
    const before = structuredClone(events);
    const [folded] = contentOf(...events);
    assert.deepEqual(folded?.extras, {
      'anthropic-messages': { citations: [1, 2, 3, 4], n: 2 },
    });
    assert.deepEqual(events, before);
  });

  it('collects extras on every kind of part', () => {
    const noted: Extras = { 'anthropic-messages': { citations: [1] } };
    const parts: readonly Part[] = [
      { type: 'text', text: '' },
      { type: 'refusal', text: '' },
      { type: 'reasoning', text: '' },
      { type: 'media', mediaType: 'image/png', source: { kind: 'file', fileId: 'f' } },
      { type: 'tool-call', id: 'c', name: 'f', argumentsJson: '' },
      { type: 'tool-result', toolCallId: 'c', content: [], isError: false },
      { type: 'vendor', format: 'anthropic-messages', kind: 'k', value: {} },
    ];
    for (const whole of parts) {
      const delta: StreamEvent = { type: 'part-delta', index: 0, delta: { type: 'extras', extras: noted } };
      assert.deepEqual(contentOf({ type: 'part-start', index: 0, part: whole }, delta), [{ ...whole, extras: noted }]);
    }
  });

  it('keeps a member named __proto__ where extras are joined', () => {
    // Cast: only parsed text can have a member of this name.
    const members = JSON.parse('{"__proto__":{"a":1}}') as JsonObject;
    const start: StreamEvent = { ...START, extras: { 'openai-chat': { b: 2 } } };
    const joined = collect([start, { ...FINISH, extras: { 'openai-chat': members } }]);
    assert.ok(joined.ok);
    assert.equal(JSON.stringify(joined.value.extras), '{"openai-chat":{"b":2,"__proto__":{"a":1}}}');
  });

  it('takes usage and extras of the start where the finish has none, and joins them where it has', () => {
    const usage = { ...USAGE, inputTokens: 3 };
    const start: StreamEvent = { ...START, usage, extras: { 'openai-chat': { a: 1, b: 1 } } };
    const early = collect([start, FINISH]);
    assert.ok(early.ok);
    assert.deepEqual([early.value.usage, early.value.extras], [usage, { 'openai-chat': { a: 1, b: 1 } }]);
    const late = collect([start, { ...FINISH, usage: USAGE, extras: { 'openai-chat': { b: 2 } } }]);
    assert.ok(late.ok);
    assert.deepEqual([late.value.usage, late.value.extras], [USAGE, { 'openai-chat': { a: 1, b: 2 } }]);
  });

  it('fails with the failure of the stream, and with one of its own when the stream has no end', () => {
    const failure = { kind: 'overloaded', message: 'busy' } as const;
    assert.deepEqual(collect([START, { type: 'failure', failure }, FINISH]), { ok: false, failure });
    for (const events of [[], [START], [START, { type: 'ping' } as const]]) {
      const collected = collect(events);
      assert.equal(collected.ok ? undefined : collected.failure.kind, 'protocol');
    }
  });

  it('hears nothing after the finish, and ignores pieces of parts that never started', () => {
    const stray: StreamEvent = { type: 'part-delta', index: 7, delta: { type: 'text', text: 'x' } };
    assert.deepEqual(contentOf(stray), []);
    const late = collect([START, FINISH, { type: 'failure', failure: { kind: 'internal', message: '' } }]);
    assert.equal(late.ok, true);
  });
});
