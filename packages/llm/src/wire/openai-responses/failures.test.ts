import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Failure, FailureKind } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { play } from '../../testing/play.ts';
import { openAiChat } from '../openai-chat/index.ts';
import type { Frame } from '../codec.ts';
import { objectOf } from '../read.ts';
import { openAiResponses } from './index.ts';

const { decodeFailure, encodeFailure } = openAiResponses;
const REQUEST = { model: 'm', messages: [], stream: true, streamUsage: true };

const frame = (data: JsonObject): Frame => ({ event: '', data: JSON.stringify(data) });
const START = frame({ type: 'response.created', response: { id: 'resp_a', model: 'm', output: [] } });

function failureOf(...frames: readonly Frame[]): Failure | undefined {
  const last = play(openAiResponses.decodeStream({}), [START, ...frames]).at(-1);
  return last?.type === 'failure' ? last.failure : undefined;
}

describe('an error in the middle of a stream', () => {
  const CODES: readonly (readonly [code: string, kind: FailureKind])[] = [
    ['server_is_overloaded', 'overloaded'],
    ['slow_down', 'overloaded'],
    ['insufficient_quota', 'quota-exhausted'],
    ['context_length_exceeded', 'context-overflow'],
    ['rate_limit_exceeded', 'rate-limit'],
    ['invalid_prompt', 'content-policy'],
    ['image_content_policy_violation', 'content-policy'],
    ['invalid_image_url', 'invalid-request'],
    ['server_error', 'upstream'],
  ];

  for (const [code, kind] of CODES)
    it(`means ${kind} where its code is ${code}, however it is told`, () => {
      const error = { code, message: 'Sorry.' };
      for (const told of [
        { type: 'response.failed', response: { status: 'failed', error } },
        { type: 'error', error: { ...error, type: code } },
        { type: 'error', ...error, param: null },
      ]) {
        const failure = failureOf(frame(told));
        assert.deepEqual([failure?.kind, failure?.message, failure?.code], [kind, 'Sorry.', code]);
      }
    });

  it('is one error where two events tell it', () => {
    const error = { code: 'insufficient_quota', message: 'Sorry.' };
    const frames = [START, frame({ type: 'error', error }), frame({ type: 'response.failed', response: { error } })];
    const events = play(openAiResponses.decodeStream({}), frames, { untilLast: false });
    assert.equal(events.filter(({ type }) => type === 'failure').length, 1);
  });

  it('is a failure too where nobody says what failed', () => {
    assert.equal(failureOf(frame({ type: 'response.failed', response: {} }))?.kind, 'upstream');
    assert.equal(failureOf(frame({ type: 'error' }))?.message, 'The provider reported an error.');
    assert.equal(failureOf(frame({ type: 'response.cancelled', response: {} }))?.kind, 'cancelled');
    assert.equal(failureOf()?.kind, 'network');
  });
});

describe('a refusal', () => {
  it('is read by its code before its status', () => {
    const refused = (status: number, code: string): FailureKind =>
      decodeFailure(status, { error: { message: 'Sorry.', type: 'x', code } }, {}).kind;
    assert.equal(refused(400, 'context_length_exceeded'), 'context-overflow');
    assert.equal(refused(429, 'insufficient_quota'), 'quota-exhausted');
    assert.equal(refused(429, 'rate_limit_exceeded'), 'rate-limit');
    assert.equal(refused(429, 'slow_down'), 'overloaded');
    assert.equal(refused(400, 'previous_response_not_found'), 'not-found');
    assert.equal(refused(401, 'invalid_prompt'), 'authentication');
  });

  it('keeps OpenAI’s own words in both of its formats', () => {
    const body = {
      error: { message: 'Too long.', type: 'invalid_request_error', param: 'input', code: 'context_length_exceeded' },
    };
    for (const codec of [openAiResponses, openAiChat]) {
      const failure = codec.decodeFailure(400, body, {});
      assert.deepEqual(encodeFailure(failure), { status: 400, body });
    }
  });

  it('has the code by which agents tell what to do', () => {
    const code = (kind: FailureKind): unknown =>
      objectOf(encodeFailure({ kind, message: 'a' }).body['error'])?.['code'];
    assert.equal(code('overloaded'), 'server_is_overloaded');
    assert.equal(code('quota-exhausted'), 'insufficient_quota');
    assert.equal(code('context-overflow'), 'context_length_exceeded');
    assert.equal(code('rate-limit'), 'rate_limit_exceeded');
  });
});

describe('a stream that fails', () => {
  const failed = (failure: Failure): JsonObject => {
    const frames = play(openAiResponses.encodeStream(REQUEST), [
      { type: 'response-start', id: 'r', model: 'm', createdAtMs: 0 },
      { type: 'part-start', index: 0, part: { type: 'text', text: 'half' } },
      { type: 'failure', failure },
    ]);
    assert.equal(frames.at(-1)?.event, 'response.failed');
    return objectOf((JSON.parse(frames.at(-1)?.data ?? '') as JsonObject)['response']) ?? {};
  };

  it('says why in the codes that agents know, and how long to wait', () => {
    const error = (failure: Failure): unknown => failed(failure)['error'];
    assert.deepEqual(error({ kind: 'overloaded', message: 'Busy.' }), {
      code: 'server_is_overloaded',
      message: 'Busy.',
    });
    assert.deepEqual(error({ kind: 'rate-limit', message: 'Slow down.', retryAfterMs: 1500 }), {
      code: 'rate_limit_exceeded',
      message: 'Slow down. Please try again in 1.5s.',
    });
    assert.deepEqual(error({ kind: 'network', message: 'Gone.' }), { code: 'server_error', message: 'Gone.' });
    assert.deepEqual(error({ kind: 'invalid-request', message: 'No.' }), { code: 'invalid_prompt', message: 'No.' });
    const raw = {
      format: 'openai-responses',
      body: { error: { code: 'vector_store_timeout', message: 'Late.' } },
    } as const;
    assert.deepEqual(error({ kind: 'upstream', message: 'Late.', raw }), {
      code: 'vector_store_timeout',
      message: 'Late.',
    });
  });

  it('shows what there was of the answer', () => {
    const { output, status } = failed({ kind: 'network', message: 'Gone.' });
    assert.equal(status, 'failed');
    assert.match(JSON.stringify(output), /"status":"incomplete".*"text":"half"/);
  });
});

describe('a whole answer that failed', () => {
  it('is a failure', () => {
    const body = { id: 'resp_a', status: 'failed', error: { code: 'server_error', message: 'Sorry.' }, output: [] };
    const answer = openAiResponses.decodeResponse(body, {});
    assert.deepEqual([answer.ok, answer.ok ? undefined : answer.failure.kind], [false, 'upstream']);
  });
});

it('has the words and the status of the server for callers of either of OpenAI’s formats', () => {
  const body = { error: { message: 'Broken.', type: 'server_error', param: null, code: null } };
  const failure = decodeFailure(500, body, {});
  assert.deepEqual(openAiChat.encodeFailure(failure), { status: 500, body });
  assert.deepEqual(encodeFailure(openAiChat.decodeFailure(500, body, {})), { status: 500, body });
});
