import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { FailureKind } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { decodeFailure } from './decode-failure.ts';
import { encodeFailure } from './encode-failure.ts';

const typed = (name: string, members: JsonObject): JsonObject => ({
  '@type': `type.googleapis.com/google.rpc.${name}`,
  ...members,
});
const refusal = (code: number, status: string, message: string, ...details: readonly JsonObject[]): JsonObject => ({
  error: { code, message, status, details },
});
const quota = (quotaId: string): JsonObject => typed('QuotaFailure', { violations: [{ quotaId }] });
const kindOf = (status: number, body: Json): FailureKind => decodeFailure(status, body, {}).kind;

describe('a refusal of Google', () => {
  it('is judged by its status word', () => {
    const words: readonly (readonly [number, string, FailureKind])[] = [
      [400, 'INVALID_ARGUMENT', 'invalid-request'],
      [400, 'FAILED_PRECONDITION', 'permission'],
      [401, 'UNAUTHENTICATED', 'authentication'],
      [403, 'PERMISSION_DENIED', 'permission'],
      [404, 'NOT_FOUND', 'not-found'],
      [413, 'INVALID_ARGUMENT', 'payload-too-large'],
      [429, 'RESOURCE_EXHAUSTED', 'rate-limit'],
      [499, 'CANCELLED', 'upstream'],
      [500, 'INTERNAL', 'upstream'],
      [503, 'UNAVAILABLE', 'overloaded'],
      [504, 'DEADLINE_EXCEEDED', 'timeout'],
    ];
    for (const [status, word, kind] of words) assert.equal(kindOf(status, refusal(status, word, 'no')), kind, word);
  });

  it('of a key that is none says so although its status is that of a mistake in the request', () => {
    const info = typed('ErrorInfo', { reason: 'API_KEY_INVALID', domain: 'googleapis.com' });
    assert.equal(kindOf(400, refusal(400, 'INVALID_ARGUMENT', 'No.', info)), 'authentication');
    const words = 'API key not valid. Please pass a valid API key.';
    assert.equal(kindOf(400, refusal(400, 'INVALID_ARGUMENT', words)), 'authentication');
  });

  it('tells a minute’s limit from a day’s, whose wait is of no use', () => {
    const words = 'You exceeded your current quota, please check your plan and billing details.';
    const wait = typed('RetryInfo', { retryDelay: '34.4s' });
    const minute = quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier');
    const limited = decodeFailure(429, refusal(429, 'RESOURCE_EXHAUSTED', words, minute, wait), {});
    assert.equal(limited.kind, 'rate-limit');
    assert.equal(limited.retryAfterMs, 34_400);
    assert.equal(limited.code, 'RESOURCE_EXHAUSTED');
    const day = quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier');
    assert.equal(kindOf(429, refusal(429, 'RESOURCE_EXHAUSTED', words, day, wait)), 'quota-exhausted');
  });

  it('asks for the wait of its header where it has no details', () => {
    const { retryAfterMs } = decodeFailure(503, refusal(503, 'UNAVAILABLE', 'busy'), { 'retry-after': '7' });
    assert.equal(retryAfterMs, 7000);
  });

  it('takes no wait from words that are none', () => {
    for (const retryDelay of ['soon', '', '-3s', '3', 7, null])
      assert.equal(
        decodeFailure(429, refusal(429, 'RESOURCE_EXHAUSTED', 'no', typed('RetryInfo', { retryDelay })), {})
          .retryAfterMs,
        undefined,
      );
  });

  it('of a prompt that is too long is known by its words', () => {
    const words = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
    assert.equal(kindOf(400, refusal(400, 'INVALID_ARGUMENT', words)), 'context-overflow');
    const large = 'Request payload size exceeds the limit: 20971520 bytes.';
    assert.equal(kindOf(400, refusal(400, 'INVALID_ARGUMENT', large)), 'payload-too-large');
  });

  it('names the member that is wrong', () => {
    const bad = typed('BadRequest', { fieldViolations: [{ field: 'contents[0].parts', description: 'empty' }] });
    assert.equal(decodeFailure(400, refusal(400, 'INVALID_ARGUMENT', 'no', bad), {}).path, 'contents[0].parts');
  });

  it('is found in a list, as streams that are asked for as one have it', () => {
    const failure = decodeFailure(503, [refusal(503, 'UNAVAILABLE', 'busy')], {});
    assert.deepEqual([failure.kind, failure.message], ['overloaded', 'busy']);
    assert.deepEqual(encodeFailure(failure), { status: 503, body: refusal(503, 'UNAVAILABLE', 'busy') });
  });

  it('in the middle of a stream is judged by its own code where it has no word', () => {
    assert.equal(kindOf(0, { error: { code: 429, message: 'no' } }), 'rate-limit');
    assert.equal(kindOf(0, { error: { message: 'no' } }), 'upstream');
    assert.equal(decodeFailure(0, { error: { code: 429, message: 'no' } }, {}).status, undefined);
  });
});

describe('a failure written in gemini', () => {
  it('keeps what Google said, word for word', () => {
    const body = refusal(429, 'RESOURCE_EXHAUSTED', 'no', quota('PerMinute'), typed('Help', { links: [] }));
    assert.deepEqual(encodeFailure(decodeFailure(429, body, {})), { status: 429, body });
  });

  it('has a code that official clients take for an error, whatever a server left out', () => {
    for (const code of [undefined, 200, '503', 700]) {
      const { body } = encodeFailure(decodeFailure(0, { error: { code, status: 'UNAVAILABLE', message: 'no' } }, {}));
      assert.deepEqual(body, { error: { code: 503, status: 'UNAVAILABLE', message: 'no' } });
    }
  });

  it('is read again as the same kind', () => {
    const kinds: readonly FailureKind[] = [
      'invalid-request',
      'authentication',
      'permission',
      'not-found',
      'context-overflow',
      'rate-limit',
      'quota-exhausted',
      'overloaded',
      'upstream',
      'timeout',
    ];
    for (const kind of kinds) {
      const { status, body } = encodeFailure({ kind, message: 'It did not work.' });
      assert.equal(kindOf(status, body), kind);
    }
  });

  it('tells how long to wait and which member is wrong', () => {
    const limited = encodeFailure({ kind: 'rate-limit', message: 'Slow down.', retryAfterMs: 1500 });
    assert.equal(decodeFailure(429, limited.body, {}).retryAfterMs, 1500);
    const wrong = encodeFailure({ kind: 'invalid-request', message: 'No.', path: 'contents' });
    assert.equal(decodeFailure(400, wrong.body, {}).path, 'contents');
  });
});
