import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { collect } from '../../model/fold.ts';
import type { FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { checkEventGrammar } from '../../testing/event-grammar.ts';
import { play } from '../../testing/play.ts';
import { loadRecordings } from '../../testing/recordings.ts';
import { createFrameDecoder } from '../../transport/frame-decoder.ts';
import type { Frame } from '../codec.ts';
import { numberOf, objectOf, parseJson, textOf } from '../read.ts';
import { ollamaChat } from './index.ts';

const AT = '2026-08-07T06:08:07.590207Z';
const line = (message: JsonObject, more: JsonObject = {}): Frame => ({
  event: '',
  data: JSON.stringify({
    model: 'm',
    created_at: AT,
    message: { role: 'assistant', ...message },
    done: false,
    ...more,
  }),
});
const COUNTS = { prompt_eval_count: 3, eval_count: 4, total_duration: 5 };
const LAST = line({ content: '' }, { done: true, done_reason: 'stop', ...COUNTS });

const hear = (frames: readonly Frame[]) => play(ollamaChat.decodeStream({}), frames);

function readOf(body: Json) {
  const read = ollamaChat.decodeResponse(body, {});
  assert.ok(read.ok, read.ok ? '' : read.failure.message);
  return read.value;
}

const call = (name: string, input: JsonObject, id?: string): JsonObject => ({
  ...(id && { id }),
  function: { name, arguments: input },
});

describe('an answer of Ollama', () => {
  it('calls tools although it says that it stopped, and names calls that have no name', () => {
    const calls = [call('f', { a: 1 }), call('g', {}, 'call_x')];
    const body = {
      model: 'm',
      created_at: AT,
      message: { content: '', tool_calls: calls },
      done: true,
      done_reason: 'stop',
    };
    const { content, finish, createdAtMs } = readOf(body);
    assert.deepEqual(content, [
      { type: 'tool-call', id: 'call_20260807T060807590207Z_0', name: 'f', argumentsJson: '{"a":1}' },
      { type: 'tool-call', id: 'call_x', name: 'g', argumentsJson: '{}' },
    ]);
    assert.deepEqual(finish, { reason: 'tool-calls', raw: 'stop' });
    assert.equal(createdAtMs, Date.UTC(2026, 7, 7, 6, 8, 7, 590));
  });

  it('is a failure where it is an error', () => {
    const read = ollamaChat.decodeResponse({ error: 'model runner has unexpectedly stopped' }, {});
    assert.ok(!read.ok);
    assert.deepEqual([read.failure.kind, read.failure.message], ['upstream', 'model runner has unexpectedly stopped']);
  });

  it('says what was recorded', () => {
    for (const { id, response } of loadRecordings('ollama.chat')) {
      if (response.status !== 200 || response.body === undefined) continue;
      const message = objectOf(objectOf(response.body)?.['message']) ?? {};
      const { content, usage } = readOf(response.body);
      const said = (type: string) =>
        content.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
      assert.equal(said('text'), message['content'] ?? '', id);
      assert.equal(said('reasoning'), message['thinking'] ?? '', id);
      assert.equal(usage?.outputTokens, objectOf(response.body)?.['eval_count'], id);
    }
  });
});

describe('a stream of Ollama', () => {
  it('ends where it is done, though the arguments of a call may hold the same words', () => {
    const { isLast } = ollamaChat.decodeStream({});
    assert.equal(isLast?.(LAST), true);
    assert.equal(isLast?.(line({ content: '', tool_calls: [call('f', { done: true })] })), false);
    assert.equal(isLast?.(line({ content: '"done":true' })), false);
  });

  it('is a failure where an error breaks it off, and where it is not done', () => {
    const broken = hear([
      line({ content: 'a' }),
      { event: '', data: '{"error":"server busy, please try again"}' },
      LAST,
    ]);
    const last = broken.at(-1);
    assert.equal(last?.type === 'failure' && last.failure.kind, 'overloaded');
    assert.equal(hear([line({ content: 'a' })]).at(-1)?.type, 'failure');
    assert.equal(hear([]).at(-1)?.type, 'failure');
  });

  it('says what was recorded, wherever its bytes are split', () => {
    const recorded = loadRecordings('ollama.chat').flatMap(({ response }) => response.ndjson_text ?? []);
    assert.ok(recorded.length > 0);
    for (const text of recorded) {
      const lines = text
        .trim()
        .split('\n')
        .map((each) => objectOf(parseJson(each)) ?? {});
      const joined = (name: string): string =>
        lines.map((each) => textOf(objectOf(each['message'])?.[name]) ?? '').join('');
      const bytes = Buffer.from(text);
      for (const cut of [0, 1, 700, bytes.length - 1]) {
        const decoder = createFrameDecoder('ndjson');
        const frames = [
          ...decoder.push(bytes.subarray(0, cut)),
          ...decoder.push(bytes.subarray(cut)),
          ...decoder.end(),
        ];
        const events = hear(frames);
        assert.deepEqual(checkEventGrammar(events), []);
        const whole = collect(events);
        assert.ok(whole.ok);
        const said = (type: string) =>
          whole.value.content.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
        assert.equal(said('text'), joined('content'));
        assert.equal(said('reasoning'), joined('thinking'));
        assert.equal(whole.value.usage?.inputTokens ?? 0, numberOf(lines.at(-1)?.['prompt_eval_count']) ?? 0);
      }
    }
  });

  it('says the same as the whole answer', () => {
    const text = fc.string({ maxLength: 8 });
    const calls = fc.array(fc.record({ name: text, id: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }) }), {
      maxLength: 2,
    });
    fc.assert(
      fc.property(text, text, calls, (thinking, content, made) => {
        const tool_calls = made.map(({ name, id }) => call(name, { a: 1 }, id));
        const pieces = (name: string, whole: string) =>
          [whole.slice(0, 3), whole.slice(3)].map((each) => line({ [name]: each }));
        const frames = [
          ...pieces('thinking', thinking),
          ...pieces('content', content),
          ...tool_calls.map((each) => line({ tool_calls: [each] })),
          LAST,
        ];
        const body = {
          model: 'm',
          created_at: AT,
          message: { thinking, content, tool_calls },
          done: true,
          done_reason: 'stop',
          ...COUNTS,
        };
        assert.deepEqual(collect(hear(frames)), { ok: true, value: readOf(JSON.parse(JSON.stringify(body)) as Json) });
      }),
      { numRuns: 3000 },
    );
  });
});

const REFUSED: readonly (readonly [status: number, body: Json, kind: FailureKind])[] = [
  [404, { error: "model 'x' not found" }, 'not-found'],
  [400, { error: 'm does not support tools' }, 'invalid-request'],
  [400, { error: 'the input length exceeds the context length' }, 'context-overflow'],
  [401, { error: 'unauthorized' }, 'authentication'],
  [429, { error: 'you have reached your hourly usage limit' }, 'quota-exhausted'],
  [429, { error: 'too many requests' }, 'rate-limit'],
  [503, { error: 'server busy, please try again. maximum pending requests exceeded' }, 'overloaded'],
  [500, { error: 'model requires more system memory' }, 'upstream'],
  [403, { error: { message: 'forbidden' } }, 'permission'],
  [502, '<html>', 'upstream'],
];

describe('a refusal of Ollama', () => {
  for (const [status, body, kind] of REFUSED)
    it(`is ${kind} for ${status} ${JSON.stringify(body)}`, () => {
      const failure = ollamaChat.decodeFailure(status, body, {});
      assert.equal(failure.kind, kind);
      assert.notEqual(failure.message, '');
    });
});
