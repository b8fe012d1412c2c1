import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';

import { presentedKey, queryWithoutKey } from './presented-key.ts';

/** Only the two members that are read. */
const keyOf = (headers: Readonly<Record<string, string>>, url = '/v1/models'): string | undefined =>
  presentedKey({ headers, url } as unknown as IncomingMessage);

describe('a presented key', () => {
  it('is found wherever a dialect puts it', () => {
    assert.equal(keyOf({ authorization: 'Bearer canary' }), 'canary');
    assert.equal(keyOf({ authorization: 'bearer  canary ' }), 'canary');
    assert.equal(keyOf({ 'x-api-key': 'canary' }), 'canary');
    assert.equal(keyOf({ 'x-goog-api-key': 'canary' }), 'canary');
    assert.equal(keyOf({ 'api-key': 'canary' }), 'canary');
    assert.equal(keyOf({ 'x-access-key': 'canary' }), 'canary');
    assert.equal(keyOf({}, '/v1beta/models?alt=sse&key=can%2Bary'), 'can+ary');
  });

  it('is the bearer before headers before the query', () => {
    const headers = { authorization: 'Bearer a', 'x-api-key': 'b' };
    assert.equal(keyOf(headers, '/?key=c'), 'a');
    assert.equal(keyOf({ authorization: 'Basic a', 'x-api-key': 'b' }, '/?key=c'), 'b');
    assert.equal(keyOf({ 'x-api-key': '' }, '/?key=c'), 'c');
  });

  it('is none when there is none', () => {
    assert.equal(keyOf({}), undefined);
    assert.equal(keyOf({ authorization: 'Basic a' }), undefined);
    assert.equal(keyOf({}, '/v1/models?'), undefined);
    assert.equal(keyOf({}, '/v1/models?key='), undefined);
    assert.equal(keyOf({}, '/key=canary'), undefined);
  });
});

describe('a query without its key', () => {
  it('keeps everything else', () => {
    assert.equal(queryWithoutKey('/a'), '');
    assert.equal(queryWithoutKey('/a?b=1&c=%20x'), '?b=1&c=%20x');
    assert.equal(queryWithoutKey('/a?key=canary&b=1&key=canary'), '?b=1');
    assert.equal(queryWithoutKey('/a?b=1&%6bey=canary'), '?b=1');
    assert.equal(queryWithoutKey('/a?key=canary'), '');
  });
});
