import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { FailureKind } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import { decodeFailure } from './decode-failure.ts';

const HEADER = (name: string) => ({
  'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
});

const NAMED: readonly (readonly [status: number, name: string, message: string, kind: FailureKind])[] = [
  [400, 'ValidationException', 'Malformed input request', 'invalid-request'],
  [400, 'ValidationException', 'Input is too long for requested model.', 'context-overflow'],
  [400, 'ValidationException', 'The provided model identifier is invalid.', 'not-found'],
  [400, 'ServiceQuotaExceededException', 'Your request exceeds the service quota.', 'quota-exhausted'],
  [403, 'UnrecognizedClientException', 'The security token is invalid.', 'authentication'],
  [403, 'InvalidSignatureException', 'The request signature does not match.', 'authentication'],
  [403, 'ExpiredTokenException', 'The security token is expired.', 'authentication'],
  [403, 'AccessDeniedException', 'You don’t have access to the model.', 'permission'],
  [404, 'ResourceNotFoundException', 'Could not resolve the model.', 'not-found'],
  [408, 'ModelTimeoutException', 'Model has timed out.', 'timeout'],
  [424, 'ModelErrorException', 'The model failed.', 'upstream'],
  [429, 'ThrottlingException', 'Too many tokens, please wait before trying again.', 'rate-limit'],
  [429, 'ModelNotReadyException', 'Model is not ready.', 'overloaded'],
  [500, 'InternalServerException', 'Oops.', 'upstream'],
  [503, 'ServiceUnavailableException', 'Try again.', 'overloaded'],
];

describe('a refusal of Bedrock', () => {
  for (const [status, name, message, kind] of NAMED)
    it(`is ${kind} for ${status} ${name}: ${message}`, () => {
      const { raw: _, ...failure } = decodeFailure(status, { message }, HEADER(name));
      assert.deepEqual(failure, { kind, message, status, code: name });
    });

  it('has its name in the body where no header has it', () => {
    const body = { __type: 'com.amazon.coral.service#ThrottlingException', Message: 'slow down' };
    const { kind, code, message } = decodeFailure(429, body, {});
    assert.deepEqual(
      { kind, code, message },
      { kind: 'rate-limit', code: 'ThrottlingException', message: 'slow down' },
    );
  });

  it('is judged by its status where it has no name', () => {
    const bodies: readonly (JsonObject | string)[] = [{}, { message: '' }, '<html>'];
    for (const body of bodies) assert.equal(decodeFailure(429, body, {}).kind, 'rate-limit');
    assert.equal(decodeFailure(400, { __type: '__proto__' }, {}).kind, 'invalid-request');
    assert.equal(decodeFailure(503, {}, {}).message, 'The provider answered with status 503.');
  });
});
