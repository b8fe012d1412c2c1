import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decodeBody, wanted } from './refusal.ts';

describe('decodeBody', () => {
  it('gives what was read', () => {
    assert.deepEqual(
      decodeBody({ a: 1 }, (body) => wanted(body, 'a', 'number')),
      { ok: true, value: 1 },
    );
  });

  it('refuses a body that is no object before anyone reads it', () => {
    for (const body of [null, true, 1, 'a', [{}]]) {
      const result = decodeBody(body, () => assert.fail('read'));
      assert.deepEqual(result, {
        ok: false,
        failure: { kind: 'invalid-request', message: 'The body must be a JSON object.' },
      });
    }
  });

  it('makes a refusal the failure that names its path', () => {
    const result = decodeBody({ a: [] }, (body) => wanted(body, 'a', 'object', 'b.a'));
    assert.deepEqual(result, {
      ok: false,
      failure: { kind: 'invalid-request', message: '`b.a` must be an object.', path: 'b.a' },
    });
  });

  it('lets any other error out, because it is our own', () => {
    const fault = new TypeError('ours');
    assert.throws(
      () =>
        decodeBody({}, () => {
          throw fault;
        }),
      fault,
    );
  });
});
