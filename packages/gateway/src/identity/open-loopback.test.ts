import assert from 'node:assert/strict';
import { it } from 'node:test';

import { isFromThisMachine } from './open-loopback.ts';

it('a request from elsewhere is not from this machine, whatever it says of itself', () => {
  for (const host of ['localhost:8000', '127.0.0.1', '[::1]:8000']) {
    assert.equal(isFromThisMachine('127.0.0.1', { host }), true, host);
    assert.equal(isFromThisMachine('192.0.2.1', { host }), false, host);
    assert.equal(isFromThisMachine('', { host }), false, host);
  }
});

it('a request without a host is not from this machine', () => assert.equal(isFromThisMachine('::1', {}), false));
