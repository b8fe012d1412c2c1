import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Failure, FailureKind } from '../model/failure.ts';
import type { Json } from '../model/json.ts';
import { verdictOf } from '../resilience/verdicts.ts';
import { WIRE_FORMATS } from './registry.ts';

const KINDS: readonly (readonly [status: number, kind: FailureKind])[] = [
  [400, 'invalid-request'],
  [401, 'authentication'],
  [402, 'quota-exhausted'],
  [403, 'permission'],
  [404, 'not-found'],
  [408, 'timeout'],
  [409, 'invalid-request'],
  [413, 'payload-too-large'],
  [422, 'invalid-request'],
  [429, 'rate-limit'],
  [500, 'upstream'],
  [502, 'upstream'],
  [503, 'overloaded'],
  [529, 'overloaded'],
  [799, 'upstream'],
];

for (const { id, decodeFailure, encodeFailure } of Object.values(WIRE_FORMATS)) {
  const decoded = (status: number, body: Json = null): Failure => decodeFailure(status, body, {});

  describe(`a refusal in ${id} that says nothing`, () => {
    for (const [status, kind] of KINDS)
      it(`means ${kind} with status ${status}`, () => assert.equal(decoded(status).kind, kind));
  });

  describe(`an answer in ${id} that is neither success nor refusal`, () => {
    /** What a server behind a redirect may well say beside it; none of it is about the credential. */
    const body: Json = {
      error: { type: 'authentication_error', message: 'credit balance', code: 'insufficient_quota' },
    };

    for (const status of [300, 301, 302, 303, 304, 307, 308])
      it(`is a redirect that is not followed with status ${status}`, () => {
        const failure = decoded(status, body);
        assert.deepEqual(failure, {
          kind: 'protocol',
          message: 'The provider answered with a redirect, which is not followed.',
          status,
        });
        assert.equal(verdictOf(failure).credential, 'keep');
        assert.equal(encodeFailure(failure).status, 502);
      });

    it('breaks the protocol with any other status below 400', () => {
      for (const status of [100, 204, 299]) assert.equal(decoded(status, body).kind, 'protocol');
    });
  });

  it(`a refusal in ${id} whose type is the name of an inherited member means what its status means`, () => {
    for (const type of ['constructor', '__proto__', 'toString'])
      assert.equal(decoded(403, JSON.parse(`{"error":{"type":"${type}"}}`) as Json).kind, 'permission');
  });
}
