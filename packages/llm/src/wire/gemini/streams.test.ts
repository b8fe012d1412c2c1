import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../model/event.ts';
import { collect } from '../../model/fold.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { play } from '../../testing/play.ts';
import { arrayOf, objectOf } from '../read.ts';
import { gemini } from './index.ts';

const chunk = (parts: readonly Json[], more: JsonObject = {}, candidate: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...candidate }],
  responseId: 'r',
  modelVersion: 'm',
  ...more,
});
const STOP = { finishReason: 'STOP' };
const read = (...chunks: readonly JsonObject[]): readonly StreamEvent[] =>
  play(
    gemini.decodeStream({}),
    chunks.map((each) => ({ event: '', data: JSON.stringify(each) })),
  );

function whole(events: readonly StreamEvent[]): GenerationResponse {
  const answer = collect(events);
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.message);
  return answer.value;
}

const REQUEST = { model: 'm', messages: [], stream: true, streamUsage: true };
const START: StreamEvent = { type: 'response-start', id: 'r', model: 'm', createdAtMs: 0 };
const write = (...events: readonly StreamEvent[]): readonly JsonObject[] =>
  play(gemini.encodeStream(REQUEST), [START, ...events]).map(({ event, data }) => {
    assert.equal(event, '');
    return JSON.parse(data) as JsonObject;
  });
const partsIn = (chunks: readonly JsonObject[]): readonly Json[] =>
  chunks.flatMap((each) => {
    const [candidate] = (each['candidates'] ?? []) as readonly JsonObject[];
    return arrayOf(objectOf(candidate?.['content'])?.['parts']);
  });

describe('a stream of Gemini', () => {
  it('has its usage in the last chunk that tells any, and never as a sum', () => {
    const usage = (candidatesTokenCount: number): JsonObject => ({
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount, thoughtsTokenCount: 3, toolUsePromptTokenCount: 2 },
    });
    const events = read(
      chunk([{ text: 'a' }], usage(1)),
      chunk([{ text: 'b' }], usage(4), STOP),
      chunk([], { usageMetadata: {} }),
    );
    const { usage: spent } = whole(events);
    assert.deepEqual([spent?.inputTokens, spent?.outputTokens, spent?.reasoningTokens], [7, 7, 3]);
  });

  it('keeps what is signed by itself, apart from the words before it and behind it', () => {
    const { content } = whole(
      read(
        chunk([{ text: 'a' }]),
        chunk([{ text: 'b', thoughtSignature: 'one' }]),
        chunk([{ text: 'c' }]),
        chunk([{ text: '', thoughtSignature: 'two' }], {}, STOP),
      ),
    );
    assert.deepEqual(content, [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', extras: { gemini: { thoughtSignature: 'one' } } },
      { type: 'text', text: 'c' },
      { type: 'text', text: '', extras: { gemini: { thoughtSignature: 'two' } } },
    ]);
  });

  it('gives a signature without words back as a part of its own, where it stood', () => {
    const parts = [{ text: 'a' }, { text: '', thoughtSignature: 'one' }, { text: 'b' }];
    const { content } = whole(read(...parts.map((part) => chunk([part])), chunk([], {}, STOP)));
    const said: GenerationRequest = { ...REQUEST, messages: [{ role: 'assistant', content }] };
    const encoded = gemini.encodeRequest(said, {});
    assert.ok(encoded.ok);
    assert.deepEqual(encoded.value.body['contents'], [{ role: 'model', parts }]);
    const retold = partsIn(write(...read(...parts.map((part) => chunk([part])), chunk([], {}, STOP)).slice(1)));
    assert.deepEqual(retold.slice(0, 3), parts);
  });

  it('has calls without ids named alike in pieces and whole', () => {
    const parts = [{ text: 'a' }, { functionCall: { name: 'f', args: { x: 1 } } }, { functionCall: { name: 'f' } }];
    const answer = gemini.decodeResponse(chunk(parts, {}, STOP), {});
    assert.ok(answer.ok);
    const streamed = whole(read(...parts.map((part) => chunk([part])), chunk([], {}, STOP)));
    assert.deepEqual(streamed, answer.value);
    assert.deepEqual(
      streamed.content.slice(1).map((part) => (part as Part & { type: 'tool-call' }).id),
      ['call_0_r', 'call_1_r'],
    );
    assert.equal(streamed.finish.reason, 'tool-calls');
  });

  it('breaks off where no chunk said why it ended, and hears nothing behind a last word borrowed from others', () => {
    const cut = read(chunk([{ text: 'a' }]), chunk([{ text: 'b' }], {}, { finishReason: 'FINISH_REASON_UNSPECIFIED' }));
    assert.equal(cut.at(-1)?.type === 'failure' && cut.at(-1)?.type, 'failure');
    const frames = [chunk([{ text: 'a' }], {}, STOP), '[DONE]', chunk([{ text: 'b' }])].map((each) => ({
      event: '',
      data: typeof each === 'string' ? each : JSON.stringify(each),
    }));
    assert.deepEqual(whole(play(gemini.decodeStream({}), frames)).content, [{ type: 'text', text: 'a' }]);
  });

  it('is that of the first of several candidates; whole answers keep the others for callers of their format', () => {
    const other = { content: { parts: [{ text: 'b' }], role: 'model' }, finishReason: 'STOP', index: 1 };
    const [first] = chunk([{ text: 'a' }], {}, STOP)['candidates'] as readonly Json[];
    const both = { candidates: [other, first ?? null], responseId: 'r', modelVersion: 'm' };
    assert.deepEqual(whole(read(both)).content, [{ type: 'text', text: 'a' }]);
    const answer = gemini.decodeResponse(both, {});
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.content, [{ type: 'text', text: 'a' }]);
    assert.deepEqual(gemini.encodeResponse(answer.value).body, { ...both, candidates: [first, other] });
  });

  it('of a blocked prompt has no candidate and ends all the same', () => {
    const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, responseId: 'r', modelVersion: 'm' };
    const answer = whole(read(blocked));
    assert.deepEqual(answer.finish, { reason: 'content-filter', raw: 'PROHIBITED_CONTENT' });
    assert.deepEqual(gemini.encodeResponse(answer).body, blocked);
  });

  it('keeps a call that comes in pieces for callers of its own format', () => {
    const pieces = [
      { functionCall: { name: 'f', willContinue: true } },
      { functionCall: { partialArgs: [{ jsonPath: '$.a', stringValue: 'x' }], willContinue: true } },
      { functionCall: {} },
    ];
    const events = read(...pieces.map((part) => chunk([part])), chunk([], {}, STOP));
    assert.ok(whole(events).content.every(({ type }) => type === 'vendor'));
    assert.deepEqual(
      partsIn(play(gemini.encodeStream(REQUEST), events).map(({ data }) => JSON.parse(data) as JsonObject)).slice(0, 3),
      pieces,
    );
  });

  it('joins citations and log probabilities that come in pieces; of the grounding the latest counts', () => {
    const cited = (uri: string, chunks: number): JsonObject => ({
      citationMetadata: { citationSources: [{ uri }] },
      groundingMetadata: { groundingChunks: Array.from({ length: chunks }, () => ({})) },
    });
    const { extras } = whole(
      read(chunk([{ text: 'a' }], {}, cited('a', 1)), chunk([], {}, { ...cited('b', 2), ...STOP })),
    );
    assert.deepEqual(extras?.gemini?.['candidate'], {
      citationMetadata: { citationSources: [{ uri: 'a' }, { uri: 'b' }] },
      groundingMetadata: { groundingChunks: [{}, {}] },
    });
  });
});

describe('a stream written for Google’s clients', () => {
  const text = (index: number): StreamEvent => ({ type: 'part-start', index, part: { type: 'text', text: '' } });
  const call = (index: number): StreamEvent => ({
    type: 'part-start',
    index,
    part: { type: 'tool-call', id: `id_${index}`, name: 'f', argumentsJson: '' },
  });
  const json = (index: number, each: string): StreamEvent => ({
    type: 'part-delta',
    index,
    delta: { type: 'arguments', json: each },
  });
  const end = (index: number): StreamEvent => ({ type: 'part-end', index });
  const FINISH: StreamEvent = { type: 'finish', finish: { reason: 'tool-calls' } };

  it('has each call whole, in the order in which the calls began', () => {
    const chunks = write(call(0), call(1), json(1, '{"a":'), json(0, '{}'), json(1, '1}'), end(1), end(0), FINISH);
    assert.deepEqual(partsIn(chunks), [
      { functionCall: { id: 'id_0', name: 'f', args: {} } },
      { functionCall: { id: 'id_1', name: 'f', args: { a: 1 } } },
      { text: '' },
    ]);
    assert.equal(chunks.length, 3);
  });

  it('has its counts in the last chunk alone, because some clients add them up', () => {
    const usage = { ...whole(read(chunk([{ text: 'a' }], { usageMetadata: { promptTokenCount: 5 } }, STOP))).usage };
    assert.equal(usage.inputTokens, 5);
    const chunks = write(text(0), { type: 'part-delta', index: 0, delta: { type: 'text', text: 'a' } }, end(0), {
      ...FINISH,
      usage: usage as never,
    });
    assert.deepEqual(
      chunks.map((each) => each['usageMetadata'] !== undefined),
      [false, true],
    );
  });

  it('has nothing for pings, starts and encrypted thoughts', () => {
    const secret: StreamEvent = { type: 'part-start', index: 0, part: { type: 'reasoning', text: '', redacted: 'x' } };
    assert.deepEqual(write({ type: 'ping' }, secret, end(0), { type: 'ping' }), [
      { error: { code: 502, message: 'The stream ended before the answer was complete.', status: 'INTERNAL' } },
    ]);
  });

  it('has the signature of another vendor’s thought on the thought, for the caller to give back', () => {
    const thought: StreamEvent = { type: 'part-start', index: 0, part: { type: 'reasoning', text: 'hm' } };
    const signed: StreamEvent = { type: 'part-delta', index: 0, delta: { type: 'signature', signature: 's' } };
    assert.deepEqual(partsIn(write(thought, signed, end(0), FINISH)).slice(0, 2), [
      { text: 'hm', thought: true },
      { text: '', thought: true, thoughtSignature: 's' },
    ]);
  });
});
