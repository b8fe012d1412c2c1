import assert from 'node:assert/strict';
import { it } from 'node:test';

import { readMessage } from './json-rpc.ts';

const HEAD = { jsonrpc: '2.0' };

it('a message with a method and an id is a request, with empty params unless it has some', () => {
  const request = { kind: 'request', id: 0, method: 'ping', params: {} };
  assert.deepEqual(readMessage({ ...HEAD, id: 0, method: 'ping' }), request);
  assert.deepEqual(readMessage({ ...HEAD, id: 'a', method: 'x', params: { y: 1 } }), {
    ...request,
    id: 'a',
    method: 'x',
    params: { y: 1 },
  });
});

it('nobody waits for the answer to a notification or to an answer', () => {
  const quiet = [{ method: 'notifications/initialized' }, { id: 1, result: {} }, { id: 1, error: { code: 1 } }];
  for (const each of quiet) assert.equal(readMessage({ ...HEAD, ...each }).kind, 'quiet', JSON.stringify(each));
});

it('everything else is invalid', () => {
  const invalid = [
    null,
    'ping',
    [],
    {},
    { method: 'ping', id: 1 },
    { jsonrpc: '1.0', method: 'ping', id: 1 },
    { ...HEAD, id: 1 },
    { ...HEAD, id: 1, method: 5 },
    { ...HEAD, id: null, method: 'ping' },
    { ...HEAD, id: {}, method: 'ping' },
    { ...HEAD, id: 1, method: 'ping', params: [1] },
  ];
  for (const each of invalid) assert.equal(readMessage(each).kind, 'invalid', JSON.stringify(each));
});
