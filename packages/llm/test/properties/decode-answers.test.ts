import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { Failure } from '../../src/model/failure.ts';
import type { Json } from '../../src/model/json.ts';
import type { ClientCodec, UpstreamCodec } from '../../src/wire/codec.ts';
import { WIRE_FORMATS, type ServedFormatId } from '../../src/wire/registry.ts';

const NUM_RUNS = 2500;
const FORMATS = Object.keys(WIRE_FORMATS) as readonly ServedFormatId[];
const codecOf = (format: ServedFormatId): UpstreamCodec<object> & ClientCodec => WIRE_FORMATS[format];

/** Any JSON, as `JSON.parse` gives it. The library's own type calls objects by another name. */
const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** Words that the readers look for, so that arbitrary objects are often nearly right. */
const WORDS =
  'id type role model content choices message delta text thinking signature data input name function arguments ' +
  'tool_calls refusal reasoning_content reasoning_details usage prompt_tokens completion_tokens input_tokens ' +
  'output_tokens cache_creation error code param finish_reason stop_reason stop_sequence created __proto__ constructor';
const KINDS =
  'text thinking redacted_thinking tool_use tool_calls error message stop end_turn reasoning.text __proto__';

const word = fc.constantFrom(...KINDS.split(' '));
/** Nests like an answer, with members of a wire and values of any type. */
const { nearly } = fc.letrec<{ nearly: Json }>((tie) => ({
  nearly: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.oneof(word, anyJson),
    fc.array(tie('nearly'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS.split(' ')), tie('nearly'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

const asAnthropic = nearly.map((content): Json => ({ content: [content], usage: content, stop_reason: 'end_turn' }));
const asOpenAi = nearly.map((message): Json => ({ choices: [{ message, finish_reason: 'stop' }], usage: message }));
const body = fc.oneof(anyJson, nearly, asAnthropic, asOpenAi);

const COUNTS =
  'prompt_tokens completion_tokens input_tokens output_tokens cached_tokens cache_write_tokens reasoning_tokens ' +
  'thinking_tokens cache_read_input_tokens cache_creation_input_tokens ephemeral_1h_input_tokens';
const DETAILS = 'prompt_tokens_details completion_tokens_details cache_creation output_tokens_details';
const count = fc.oneof(fc.nat(20), fc.double(), fc.constantFrom(null, '7', -1));
const counts = fc.dictionary(fc.constantFrom(...COUNTS.split(' ')), count, { noNullPrototype: true });
const details = fc.dictionary(fc.constantFrom(...DETAILS.split(' ')), counts, { noNullPrototype: true });
/** What a provider may say of its tokens; its numbers need not agree. */
const spent = fc.tuple(counts, details).map(([some, more]): Json => ({ ...some, ...more }));

const headers = fc.dictionary(fc.constantFrom('retry-after', 'retry-after-ms', 'x-should-retry'), fc.string(), {
  noNullPrototype: true,
});
/** What a server may answer with instead of success; 0 stands for an error in the middle of a stream. */
const status = fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 599 }), fc.integer({ min: 600, max: 999 }));

function checkFailure(failure: Failure): void {
  assert.notEqual(failure.message, '');
  const wait = failure.retryAfterMs ?? 0;
  assert.ok(Number.isFinite(wait) && wait >= 0, `retryAfterMs is ${wait}`);
}

for (const format of FORMATS) {
  const codec = codecOf(format);
  describe(`answers in ${format}`, () => {
    it('are read or refused whatever they hold', () => {
      const property = fc.property(body, (value) => {
        const result = codec.decodeResponse(value, {});
        if (!result.ok) return checkFailure(result.failure);
        assert.ok(Array.isArray(result.value.content));
        assert.equal(typeof result.value.finish.reason, 'string');
      });
      fc.assert(property, { numRuns: NUM_RUNS });
    });

    it('can be written again in every format once they were read', () => {
      const property = fc.property(body, (value) => {
        const result = codec.decodeResponse(value, {});
        if (!result.ok) return;
        for (const other of FORMATS) JSON.stringify(codecOf(other).encodeResponse(result.value).body);
      });
      fc.assert(property, { numRuns: NUM_RUNS });
    });

    it('that refuse give a failure with a sentence, whatever they hold', () => {
      const property = fc.property(status, body, headers, (code, value, lines) => {
        const failure = codec.decodeFailure(code, value, lines);
        checkFailure(failure);
        for (const other of FORMATS) {
          const shown = codecOf(other).encodeFailure(failure);
          assert.ok(shown.status >= 400 && shown.status < 600, `status ${shown.status}`);
        }
      });
      fc.assert(property, { numRuns: NUM_RUNS });
    });

    it('count tokens as whole numbers within their totals', () => {
      const property = fc.property(spent, (value) => {
        const usage = codec.decodeUsage(value, {});
        if (usage === undefined) return;
        const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens } = usage;
        for (const count of [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, usage.reasoningTokens])
          assert.ok(Number.isInteger(count) && count >= 0, `${count}`);
        assert.ok(cacheReadTokens + cacheWriteTokens <= inputTokens);
        assert.ok(cacheWrite1hTokens <= cacheWriteTokens);
        assert.ok(usage.reasoningTokens <= outputTokens, 'reasoning exceeds the output');
      });
      fc.assert(property, { numRuns: NUM_RUNS });
    });
  });
}
