import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';

import { AuthError } from '../../src/credentials/auth-error.ts';
import { newKeyManager } from '../../src/kit/keys.ts';

/** A provider that takes some keys and says so in numbers. */
const taken = new Set<string>();
let seen: string[] = [];
const provider = createServer((request, response) => {
  const key = (request.headers.authorization ?? '').replace('Bearer ', '');
  seen.push(key);
  const isTaken = taken.has(key);
  response.writeHead(isTaken ? 200 : 429, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isTaken ? { text: `answered to ${key}` } : { error: 'rate limited' }));
});
let url: string;

const makeApiCall = async (key: string): Promise<string> => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const body = (await response.json()) as { readonly text?: string; readonly error?: string };
  if (!response.ok) throw new Error(`status ${response.status}: ${body.error}`);
  return body.text ?? '';
};

before(async () => {
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
after(() => {
  provider.closeAllConnections();
  provider.close();
});
beforeEach(() => {
  seen = [];
  taken.clear();
});

describe('Rate Limit Errors: use multiple API keys for higher throughput', () => {
  it('rotates the keys on each request', async () => {
    for (const key of ['key-1', 'key-2', 'key-3']) taken.add(key);
    const manager = newKeyManager('OpenAI', ['key-1', 'key-2', 'key-3']);
    for (let call = 0; call < 6; call += 1) await manager.executeWithFailover(makeApiCall);
    assert.deepEqual(seen, ['key-1', 'key-2', 'key-3', 'key-1', 'key-2', 'key-3']);
  });

  it('runs a call that takes the context first, as it is documented', async () => {
    taken.add('key-2');
    const manager = newKeyManager('OpenAI', ['key-1', 'key-2', 'key-3']);
    const ctx = new AbortController().signal;
    const result = await manager.executeWithFailover(ctx, async (given, key) => {
      assert.equal(given, ctx);
      return makeApiCall(key);
    });
    assert.equal(result, 'answered to key-2');
    assert.deepEqual(seen, ['key-1', 'key-2']);
  });
});

describe('Error Resolution Steps: all_keys_exhausted', () => {
  it('names the count, is retryable, and shows the health of every key', async () => {
    const manager = newKeyManager('OpenAI', ['key-1', 'key-2', 'key-3']);
    const error: unknown = await manager.executeWithFailover(makeApiCall).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof AuthError);
    assert.equal(error.code, 'all_keys_exhausted');
    assert.equal(error.isRetryable(), true);
    assert.match(
      String(error),
      /^OpenAI authentication error: all 3 keys exhausted: 3 tried, .*status 429: rate limited \(all_keys_exhausted\)$/,
    );
    assert.equal(manager.getStatus().keys.filter(({ inBackoff }) => inBackoff).length, 3);
    await assert.rejects(manager.executeWithFailover(makeApiCall), /all 3 keys exhausted: in backoff/);
    assert.equal(seen.length, 3);
  });
});

describe('API key rotation: how to rotate API keys without downtime', () => {
  it('has old and new keys in use together, then only the new', async () => {
    for (const key of ['old-key-1', 'old-key-2', 'new-key-1']) taken.add(key);
    const manager = newKeyManager('OpenAI', ['old-key-1', 'old-key-2']);
    manager.addKey('new-key-1');
    assert.deepEqual(manager.getKeys(), ['old-key-1', 'old-key-2', 'new-key-1']);
    await makeApiCall('new-key-1');
    manager.removeKey('old-key-1');
    seen = [];
    for (let call = 0; call < 4; call += 1) await manager.executeWithFailover(makeApiCall);
    assert.deepEqual([...new Set(seen)].toSorted(), ['new-key-1', 'old-key-2']);
  });
});
