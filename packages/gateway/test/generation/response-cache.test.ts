import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';
import { sendChat } from './deck-gateway.ts';

const OTHER_KEY = 'pb_another_key_of_the_suite';
const COLD = { model: 'openai/gpt-4.1-mini', temperature: 0, messages: [{ role: 'user', content: 'Hello' }] };
const CLAUDE = { ...COLD, max_tokens: 100 };

const KEPT = { isOn: true, models: [], ttlMs: 60_000, bytesMax: 10_000_000, temperatureMax: 0 };

describe('answers of models from memory', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let number = 0;

  before(async () => {
    upstream = await startUpstream(() => undefined);
    gateway = await startGateway(
      [provider('openai', `${upstream.url}/v1`, 'canary-one')],
      { responseCache: KEPT },
      {
        keys: {
          verify: (key) => (key === TEST_KEY || key === OTHER_KEY ? { keyId: key, label: key } : 'unknown'),
        },
      },
    );
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });
  beforeEach(() => {
    upstream.seen.length = 0;
    gateway.records.length = 0;
    // Another answer each time: one that comes again came from memory.
    upstream.answer = (request, response) => sendChat(request, response, `Answer ${(number += 1)}`);
  });

  const twice = async (body: object, path = '/v1/chat/completions', headers: Record<string, string> = {}) => {
    const first = await post(gateway, path, body, headers);
    const one = await first.text();
    const second = await post(gateway, path, body, headers);
    return { first, one, second, two: await second.text(), asked: upstream.seen.length };
  };

  for (const stream of [false, true])
    it(`are given again to the very same question, ${stream ? 'streamed' : 'whole'}`, async () => {
      const { first, one, second, two, asked } = await twice({ ...COLD, stream, seed: Number(stream) });
      assert.equal(two, one);
      assert.match(one, /Answer/);
      assert.deepEqual(
        [first, second].map(({ headers }) => headers.get('x-patchbay-cache')),
        ['miss', 'hit'],
      );
      assert.equal(second.headers.get('content-type'), first.headers.get('content-type'));
      assert.equal(asked, 1);
      assert.deepEqual(
        gateway.records.map(({ state, status, attempts }) => [state, status, attempts.length]),
        [
          ['success', 200, 1],
          ['success', 200, 0],
        ],
      );
    });

  it('are kept in every dialect, each for itself', async () => {
    const { asked, one, two } = await twice(CLAUDE, '/v1/messages');
    assert.equal(asked, 1);
    assert.equal(two, one);
  });

  it('are never another key’s', async () => {
    const body = { ...COLD, seed: 10 };
    await (await post(gateway, '/v1/chat/completions', body)).text();
    const other = await post(gateway, '/v1/chat/completions', body, { authorization: `Bearer ${OTHER_KEY}` });
    await other.text();
    assert.equal(other.headers.get('x-patchbay-cache'), 'miss');
    assert.equal(upstream.seen.length, 2);
  });

  for (const [what, changes, headers] of [
    ['warmer than the policy allows', { temperature: 0.1, seed: 20 }, {}],
    ['silent about its temperature', { temperature: undefined, seed: 21 }, {}],
    ['not to be stored', { seed: 22 }, { 'cache-control': 'no-store' }],
  ] as const)
    it(`are not kept of a call that is ${what}`, async () => {
      const { asked, one, two, second } = await twice({ ...COLD, ...changes }, '/v1/chat/completions', headers);
      assert.equal(asked, 2);
      assert.notEqual(two, one);
      assert.equal(second.headers.get('x-patchbay-cache'), null);
    });

  it('are asked for anew where anything of the question differs', async () => {
    for (const changes of [{ seed: 30 }, { seed: 31 }, { seed: 30, stream: true }, { seed: 30, top_p: 0.5 }])
      await (await post(gateway, '/v1/chat/completions', { ...COLD, ...changes })).text();
    assert.equal(upstream.seen.length, 4);
  });

  it('are never refusals, and never half', async () => {
    upstream.answer = (_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end('{"error":{"message":"no"}}');
    };
    assert.equal((await post(gateway, '/v1/chat/completions', { ...COLD, seed: 40 })).status, 400);
    upstream.answer = (request, response, at) => {
      if (at > 1) return sendChat(request, response, 'whole');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"id":"a","choices":[{"index":0,"delta":{"content":"ha"}}]}\n\n', () => response.destroy());
    };
    await (await post(gateway, '/v1/chat/completions', { ...COLD, seed: 40, stream: true })).text().catch(() => '');
    const last = await post(gateway, '/v1/chat/completions', { ...COLD, seed: 40, stream: true });
    assert.match(await last.text(), /whole/);
    assert.equal(last.headers.get('x-patchbay-cache'), 'miss');
  });
});

it('without the setting every call goes to its provider', async () => {
  const upstream = await startUpstream((request, response) => sendChat(request, response, 'x'));
  const gateway = await startGateway([provider('openai', `${upstream.url}/v1`, 'canary-one')]);
  try {
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await post(gateway, '/v1/chat/completions', COLD);
      await answer.text();
      assert.equal(answer.headers.get('x-patchbay-cache'), null);
    }
    assert.equal(upstream.seen.length, 2);
  } finally {
    await gateway.close();
    await upstream.close();
  }
});
