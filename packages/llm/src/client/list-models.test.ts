import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';

import { PROVIDERS } from '../providers/registry.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { createClient } from './create-client.ts';

/** A list of models that can be broken, and a clock to be turned. */
async function listed() {
  const state = { status: 200, asked: 0, nowMs: 0 };
  const server = createServer((_, response) => {
    state.asked += 1;
    response.writeHead(state.status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(state.status === 200 ? { data: [{ id: 'gpt-4o', context_length: 5 }, { id: 'new' }] } : {}),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({
    providers: [PROVIDERS.openai, PROVIDERS.ollama].map((record) => ({ ...record, baseUrl })),
    credentials: { openai: 'k' },
    attemptsMax: 1,
    clock: { ...manualClock(), monotonicMs: () => state.nowMs, sleep: () => new Promise<void>(() => undefined) },
  });
  return {
    client,
    state,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const HOUR_MS = 3_600_000;

describe('a list of models', () => {
  it('joins what the provider says with what is known', async () => {
    await using at = await listed();
    const [known, unknown] = await at.client.listModels('openai');
    assert.deepEqual([known?.address, known?.contextTokens, known?.source], ['openai/gpt-4o', 5, 'provider']);
    assert.equal(known?.price.state, 'priced');
    assert.equal(known?.facts?.capabilities.tools, true);
    assert.ok((known?.maxOutputTokens ?? 0) > 1000);
    assert.deepEqual(unknown, {
      address: 'openai/new',
      id: 'new',
      name: 'new',
      price: { state: 'unknown' },
      source: 'provider',
    });
  });

  it('is believed for its time', async () => {
    await using at = await listed();
    await at.client.listModels('openai');
    at.state.nowMs = 24 * HOUR_MS - 1;
    await at.client.listModels('openai');
    assert.equal(at.state.asked, 1);
    at.state.nowMs = 24 * HOUR_MS;
    await at.client.listModels('openai');
    assert.equal(at.state.asked, 2);
    await at.client.listModels('openai', { fresh: true });
    await at.client.listModels('openai', { credential: 'another' });
    assert.equal(at.state.asked, 4);
    await at.client.listModels('ollama');
    at.state.nowMs += 5 * 60_000;
    await at.client.listModels('ollama');
    assert.equal(at.state.asked, 6);
  });

  it('is an older one, or the catalogue’s, while the provider cannot be asked', async () => {
    await using at = await listed();
    at.state.status = 500;
    const fromCatalog = await at.client.listModels('openai');
    assert.ok(fromCatalog.length > 5);
    assert.ok(fromCatalog.every(({ source }) => source === 'catalog'));
    at.state.status = 200;
    await at.client.listModels('openai');
    at.state.status = 500;
    const older = await at.client.listModels('openai', { fresh: true });
    assert.deepEqual([older.length, older[0]?.source], [2, 'stale']);
  });

  it('never hides that an account is refused', async () => {
    await using at = await listed();
    at.state.status = 401;
    await assert.rejects(
      at.client.listModels('openai'),
      (error) => error instanceof Error && error.name === 'LlmError',
    );
  });
});
