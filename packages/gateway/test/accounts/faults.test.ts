import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { provider } from '../support/test-gateway.ts';
import { startAccounts, type AccountGateway } from './account-gateway.ts';

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const refusal = (status: number, headers: Record<string, string> = {}, error: object = { message: 'no' }) => {
  return (response: ServerResponse): void => sendJson(response, status, { error }, headers);
};

/** What an account at the provider does instead of answering. */
const FAULTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '429 with Retry-After': refusal(429, { 'retry-after': '20' }),
  '429 without Retry-After': refusal(429),
  '429 of money': refusal(429, {}, { message: 'no money', type: 'insufficient_quota', code: 'insufficient_quota' }),
  '401': refusal(401),
  '402': refusal(402),
  '403': refusal(403),
  '404': refusal(404),
  '500': refusal(500),
  '503': refusal(503),
  '529': refusal(529),
  reset: (response) => response.destroy(),
  silent: () => undefined,
  cut: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"id":', () => response.destroy());
  },
};

const KEYS = ['canary-one-0123456789', 'canary-two-0123456789', 'canary-three-0123456789'];
/** Calls of a full outage. The first of them finds out about each account. */
const CALLS = 20;

let upstream: ScriptedUpstream;
let accounts: AccountGateway;
let faulty: ReadonlySet<string> = new Set();
let fault: (response: ServerResponse) => void;

before(async () => {
  upstream = await startUpstream(({ headers }, response) => {
    const key = String(headers.authorization).replace('Bearer ', '');
    return faulty.has(key) ? fault(response) : sendJson(response, 200, CHAT);
  });
  accounts = await startAccounts([{ ...provider('openai', `${upstream.url}/v1`), accounts: [] }], {
    timeouts: { connectMs: 500, headersMs: 250, firstTokenMs: 500, idleMs: 500, totalMs: 1500 },
  });
  for (const key of KEYS) await accounts.add('openai', key);
});
after(async () => {
  await accounts.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  faulty = new Set();
  for (const seat of accounts.gateway.gateway.registry.current().runtimes.get('openai')?.pool.seats ?? []) seat.reset();
});

const together = (calls: number): Promise<readonly number[]> =>
  Promise.all(Array.from({ length: calls }, async () => (await accounts.ask('openai/gpt-4')).status));

for (const [name, does] of Object.entries(FAULTS))
  describe(`an account that answers with ${name}`, () => {
    beforeEach(() => {
      fault = does;
    });

    for (const bad of [1, 2])
      it(`is noticed by no client while ${3 - bad} of three are sound`, async () => {
        faulty = new Set(KEYS.slice(0, bad));
        assert.deepEqual(new Set(await together(6)), new Set([200]));
        upstream.seen.length = 0;
        assert.deepEqual(new Set(await together(6)), new Set([200]));
        // By now it rests: nobody is sent there again.
        assert.equal(upstream.seen.length, 6);
      });

    it('and so do all: calls end in time, and the provider is asked hardly more often than they are', async () => {
      faulty = new Set(KEYS);
      for (let call = 0; call < CALLS; call += 1) {
        const response = await accounts.ask('openai/gpt-4');
        assert.ok(response.status >= 400);
        const text = await response.text();
        assert.doesNotMatch(text, /canary/);
      }
      assert.ok(upstream.seen.length <= CALLS * 1.2, `${upstream.seen.length} for ${CALLS} calls`);
    });
  });

it('tells how long it will be until the first account returns, and asks nobody before', async () => {
  fault = refusal(429, { 'retry-after': '20' });
  faulty = new Set(KEYS);
  await accounts.ask('openai/gpt-4');
  upstream.seen.length = 0;
  const response = await accounts.ask('openai/gpt-4');
  assert.equal(response.status, 429);
  const retryAfterS = Number(response.headers.get('retry-after'));
  assert.ok(retryAfterS > 15 && retryAfterS <= 20, String(retryAfterS));
  assert.match(await response.text(), /no available accounts for provider openai.*429 Too Many Requests/);
  assert.equal(upstream.seen.length, 0);
});

it('waits for an account that returns within the call’s own time', async () => {
  fault = refusal(429, { 'retry-after': '1' });
  faulty = new Set(KEYS);
  await accounts.ask('openai/gpt-4');
  faulty = new Set();
  upstream.seen.length = 0;
  assert.equal((await accounts.ask('openai/gpt-4')).status, 200);
  assert.equal(upstream.seen.length, 1);
});
