import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { startSimulatorServer, type SimulatorServer } from '@patchbay/llm/testing/simulator-server';

import {
  asksOf,
  DIALECTS,
  officialClients,
  QUESTION,
  type Ask,
  type OfficialClients,
} from './support/official-clients.ts';
import { provider, startGateway, TEST_KEY, type TestGateway } from './support/test-gateway.ts';

/** Providers, each of which speaks one format; the caller's format decides how it is reached. */
const PROVIDERS = ['openai', 'anthropic', 'gemini'] as const;

let simulator: SimulatorServer;
let gateway: TestGateway;
let clients: OfficialClients;

before(async () => {
  simulator = await startSimulatorServer();
  gateway = await startGateway(PROVIDERS.map((id) => provider(id, simulator.url, `${id}-key`)));
  clients = officialClients(gateway.url);
});
after(async () => {
  await gateway.close();
  await simulator.close();
});

for (const format of DIALECTS) {
  const ask: Ask = (...asked) => {
    const said = asksOf(clients)[format];
    assert.ok(said);
    return said(...asked);
  };
  describe(`the official client of ${format}`, () => {
    for (const id of PROVIDERS) {
      for (const stream of [false, true]) {
        it(`hears what ${id} says, ${stream ? 'streamed' : 'whole'}`, async () => {
          assert.deepEqual(await ask(`${id}/echo`, false, stream), { text: QUESTION, calls: [] });
          assert.deepEqual((await ask(`${id}/tools`, true, stream)).calls, ['weather']);
          for (const _ of [1, 2]) {
            const record = await gateway.nextRecord();
            assert.equal(record.state, 'success');
            assert.equal(record.attempts[0]?.usage?.estimated, false);
          }
        });
      }
    }

    it('is told that a model is unknown', async () => {
      await assert.rejects(ask('nobody/nothing', false, false), { status: 404 });
      await gateway.nextRecord();
    });
  });
}

describe('GET /v1/models', () => {
  it('is three interfaces, told apart by their headers', async () => {
    const bare = (await (
      await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${TEST_KEY}` } })
    ).json()) as object;
    assert.ok('object' in bare);
    assert.ok((await clients.openai.models.list()).data.some(({ id }) => id === 'openai/echo'));
    assert.ok((await clients.anthropic.models.list()).data.some(({ id }) => id === 'openai/echo'));
    const names: string[] = [];
    for await (const model of await clients.google.models.list()) names.push(model.name ?? '');
    assert.ok(names.includes('models/openai/echo'), names.join());
  });
});

describe('a thread that the provider would have to keep', () => {
  const threaded = { max_tokens: 5, messages: [{ role: 'user', content: 'hi' }], thread: { type: 'create' } };
  const ask = (model: string): Promise<Response> =>
    fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}` },
      body: JSON.stringify({ ...threaded, model }),
    });

  it('is declined in the words that make Anthropic’s client send the whole conversation', async () => {
    const response = await ask('openai/echo');
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { details: unknown } };
    assert.deepEqual(error.details, { error_code: 'thread_unsupported_request', unsupported: ['thread'] });
    await gateway.nextRecord();
  });

  it('reaches Anthropic untouched', async () => {
    assert.equal((await ask('anthropic/echo')).status, 200);
    await gateway.nextRecord();
  });
});
