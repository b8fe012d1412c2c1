import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { Failure } from '../../src/model/failure.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { loadRecordings } from '../../src/testing/recordings.ts';
import { createFrameDecoder } from '../../src/transport/frame-decoder.ts';
import { bedrockConverse } from '../../src/wire/bedrock-converse/index.ts';
import type { ClientCodec, Frame, UpstreamCodec } from '../../src/wire/codec.ts';
import { ollamaChat } from '../../src/wire/ollama-chat/index.ts';
import { WIRE_FORMATS } from '../../src/wire/registry.ts';
import { unrulyConverseFrames, unrulyOllamaFrames } from './arbitrary-called-frames.ts';
import { disordered } from './arbitrary-frames.ts';
import { mutantOf } from './arbitrary-mutant.ts';
import { json } from './arbitrary-values.ts';

const CLIENTS: readonly ClientCodec[] = Object.values(WIRE_FORMATS);

/** Recorded streams as frames. */
function recordedStreams(api: string, framing: 'aws-event-stream' | 'ndjson'): readonly (readonly Frame[])[] {
  return loadRecordings(api).flatMap(({ response }) => {
    const { eventstream_base64: binary, ndjson_text: lines } = response;
    if (binary === undefined && lines === undefined) return [];
    const bytes = binary === undefined ? Buffer.from(lines ?? '') : Buffer.from(binary, 'base64');
    const decoder = createFrameDecoder(framing);
    // The first hundred say what there is to say.
    return [[...decoder.push(bytes), ...decoder.end()].slice(0, 100)];
  });
}

const answersOf = (...apis: readonly string[]): readonly Json[] =>
  apis.flatMap((api) => loadRecordings(api).flatMap(({ response }) => response.body ?? []));

const FORMATS: readonly {
  readonly codec: UpstreamCodec<object>;
  readonly unruly: fc.Arbitrary<readonly Frame[]>;
  readonly streams: readonly (readonly Frame[])[];
  readonly answers: readonly Json[];
  readonly counts: readonly string[];
}[] = [
  {
    codec: bedrockConverse,
    unruly: unrulyConverseFrames,
    streams: recordedStreams('bedrock.converse-stream', 'aws-event-stream'),
    answers: answersOf('bedrock.converse', 'bedrock.converse-stream'),
    counts: ['inputTokens', 'outputTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens', 'totalTokens'],
  },
  {
    codec: ollamaChat,
    unruly: unrulyOllamaFrames,
    streams: recordedStreams('ollama.chat', 'ndjson'),
    answers: answersOf('ollama.chat'),
    counts: ['prompt_eval_count', 'eval_count'],
  },
];

function checkFailure(failure: Failure): void {
  assert.notEqual(failure.message, '');
  const wait = failure.retryAfterMs ?? 0;
  assert.ok(Number.isFinite(wait) && wait >= 0, `retryAfterMs is ${wait}`);
  for (const { encodeFailure } of CLIENTS) {
    const { status } = encodeFailure(failure);
    assert.ok(status >= 400 && status < 600, `status ${status}`);
  }
}

const headers = fc.dictionary(fc.constantFrom('retry-after', 'x-amzn-errortype', 'date'), fc.string(), {
  noNullPrototype: true,
});
const status = fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 999 }));
const count = fc.oneof(fc.nat(20), fc.double(), fc.constantFrom(null, '7', -1));

for (const { codec, unruly, streams, answers, counts } of FORMATS) {
  /** Whatever came, what is heard is one legal stream; peers that go on behind their last word change nothing. */
  const hear = (frames: readonly Frame[]): void => {
    const events = play(codec.decodeStream({}), frames);
    assert.deepEqual(checkEventGrammar(events), []);
    assert.deepEqual(play(codec.decodeStream({}), frames, { untilLast: false }), events);
    for (const { encodeStream } of CLIENTS) {
      const request = { model: 'm', messages: [], stream: true, streamUsage: true };
      assert.ok(play(encodeStream(request), events).length > 0);
    }
  };

  describe(`what a provider says in ${codec.id}`, () => {
    it('is heard as one legal stream whatever its frames hold', () => {
      fc.assert(fc.property(unruly, hear), { numRuns: 5000 });
    });

    it('is heard as one legal stream when frames are lost, doubled, exchanged or damaged', () => {
      assert.ok(streams.length > 2);
      fc.assert(fc.property(disordered(fc.constantFrom(...streams)), hear), { numRuns: 2500 });
    });

    it('is read or refused whatever an answer holds, and can then be told in every format that is served', () => {
      const body = fc.oneof(json, mutantOf(fc.constantFrom(...answers)));
      const property = fc.property(body, (value) => {
        const result = codec.decodeResponse(value, {});
        if (!result.ok) return checkFailure(result.failure);
        for (const { encodeResponse } of CLIENTS) JSON.stringify(encodeResponse(result.value).body);
      });
      fc.assert(property, { numRuns: 3500 });
    });

    it('is a failure with a sentence whatever a refusal holds', () => {
      const body = fc.oneof(json, mutantOf(fc.constantFrom(...answers)));
      const property = fc.property(status, body, headers, (code, value, lines) =>
        checkFailure(codec.decodeFailure(code, value, lines)),
      );
      fc.assert(property, { numRuns: 2500 });
    });

    it('counts tokens as whole numbers within their totals', () => {
      const spent = fc.dictionary(fc.constantFrom(...counts), count, {
        noNullPrototype: true,
      }) as fc.Arbitrary<JsonObject>;
      const details = fc.array(fc.record({ ttl: fc.constantFrom('1h', '5m'), inputTokens: count }), { maxLength: 2 });
      const property = fc.property(spent, details, (usage, cacheDetails) => {
        const read = codec.decodeUsage({ ...usage, cacheDetails } as JsonObject, {});
        if (read === undefined) return;
        for (const each of [read.inputTokens, read.outputTokens, read.cacheReadTokens, read.cacheWriteTokens])
          assert.ok(Number.isInteger(each) && each >= 0, `${each}`);
        assert.ok(read.cacheReadTokens + read.cacheWriteTokens <= read.inputTokens);
        assert.ok(read.cacheWrite1hTokens <= read.cacheWriteTokens);
        assert.ok(read.reasoningTokens <= read.outputTokens);
      });
      fc.assert(property, { numRuns: 2500 });
    });
  });
}
