import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import type { Settings } from '../../src/config/settings.ts';
import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { REDIS_URL, skipRedis } from '../coordination/engines.ts';
import { startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY } from '../support/test-gateway.ts';
import { sendChat } from './deck-gateway.ts';

const KEPT: NonNullable<Settings['responseCache']> = {
  isOn: false,
  models: [],
  ttlMs: 600_000,
  bytesMax: 10_000_000,
  temperatureMax: 0,
};
const KEYS: Readonly<Record<string, boolean | undefined>> = { [TEST_KEY]: undefined, pb_kept: true, pb_fresh: false };

describe('which calls are answered from memory', () => {
  let upstream: ScriptedUpstream;
  before(async () => {
    upstream = await startUpstream((request, response) => sendChat(request, response, 'An answer'));
  });
  after(() => upstream.close());
  beforeEach(() => void (upstream.seen.length = 0));

  /** What `x-patchbay-cache` says to the second of two same calls of a key. */
  async function second(key: string, policy: Partial<typeof KEPT>, model = 'openai/gpt-4.1-mini') {
    const gateway = await startGateway(
      [provider('openai', `${upstream.url}/v1`, 'canary-one')],
      { responseCache: { ...KEPT, ...policy } },
      {
        keys: {
          verify: (shown) => {
            const cacheAnswers = KEYS[shown];
            return { keyId: shown, label: shown, ...(cacheAnswers !== undefined && { cacheAnswers }) };
          },
        },
      },
    );
    const call = async () => {
      const body = { model, temperature: 0, messages: [{ role: 'user', content: 'Hello' }] };
      const answer = await post(gateway, '/v1/chat/completions', body, { authorization: `Bearer ${key}` });
      assert.equal(answer.status, 200, await answer.clone().text());
      await answer.text();
      return answer.headers.get('x-patchbay-cache');
    };
    await call();
    const said = await call();
    await gateway.close();
    return said;
  }

  for (const [isOn, key, said] of [
    [false, TEST_KEY, null],
    [false, 'pb_kept', 'hit'],
    [true, TEST_KEY, 'hit'],
    [true, 'pb_fresh', null],
  ] as const)
    it(`are ${said === null ? 'none' : 'those'} of a key that says ${String(KEYS[key] ?? 'nothing')} where it is ${isOn ? 'on' : 'off'}`, async () => {
      assert.equal(await second(key, { isOn }), said);
      assert.equal(upstream.seen.length, said === null ? 2 : 1);
    });

  it('are those of the models that are listed, by name or by their beginning', async () => {
    const models = ['openai/gpt-4.1*', 'openai/exact'];
    assert.equal(await second(TEST_KEY, { isOn: true, models }), 'hit');
    assert.equal(await second(TEST_KEY, { isOn: true, models }, 'openai/exact'), 'hit');
    assert.equal(await second(TEST_KEY, { isOn: true, models }, 'openai/exactly'), null);
    assert.equal(await second('pb_kept', { models }, 'openai/gpt-5'), null);
  });
});

describe('answers in two processes', { skip: skipRedis, timeout: 120_000 }, () => {
  const ADMIN_PASSWORD = 'canary-password-of-the-first';
  let upstream: ScriptedUpstream;
  let first: GatewayProcess;
  let second: GatewayProcess;
  let token = '';

  before(async () => {
    upstream = await startUpstream((request, response) => sendChat(request, response, 'An answer'));
    const environment = {
      ADMIN_PASSWORD,
      REDIS_URL,
      DOCTOR_INTERVAL: '0',
      OPENAI_API_KEY: 'canary-key-of-openai-0001',
      OPENAI_BASE_URL: `${upstream.url}/v1`,
    };
    first = await startProcess(environment);
    second = await startProcess(environment);
    const login = await fetch(`${first.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    });
    token = ((await login.json()) as { readonly token: string }).token;
  });
  after(async () => {
    for (const each of [first, second]) {
      await each.stop();
      await each.remove();
    }
    await upstream.close();
  });

  /** A key that wants its answers kept, made at one of them. */
  async function keyAt({ url }: GatewayProcess, cache_answers: boolean): Promise<string> {
    const login = await fetch(`${url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    });
    const { token: own } = (await login.json()) as { readonly token: string };
    const made = await fetch(`${url}/v1/api-keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${own}` },
      body: JSON.stringify({ label: 'kept', limits: { cache_answers } }),
    });
    assert.equal(made.status, 201, await made.clone().text());
    return ((await made.json()) as { readonly key: string }).key;
  }
  async function call({ url }: GatewayProcess, key: string): Promise<string | null> {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({
        model: 'openai/gpt-4.1-mini',
        temperature: 0,
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    await answer.text();
    return answer.headers.get('x-patchbay-cache');
  }

  /** On a machine that is busy the link to Redis breaks now and then, and whoever may have missed a word forgets all. */
  async function until(wanted: 'hit' | 'miss', ask: () => Promise<string | null>): Promise<void> {
    for (let tries = 0; (await ask()) !== wanted; tries += 1) {
      assert.ok(tries < 100, `it never became a ${wanted}`);
      await systemClock.sleep(50);
    }
  }

  it('are kept for the key that its owner made so, and forgotten by both when one is told to', async () => {
    const [one, other, none] = [await keyAt(first, true), await keyAt(second, true), await keyAt(first, false)];
    await until('hit', () => call(first, one));
    await until('hit', () => call(second, other));
    assert.deepEqual([await call(first, none), await call(first, none)], [null, null]);
    const cleared = await fetch(`${first.url}/v1/debug/clear-cache?endpoint=responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(cleared.status, 200, await cleared.clone().text());
    assert.equal(((await cleared.json()) as { readonly endpoint: string }).endpoint, 'responses');
    assert.equal(await call(first, one), 'miss');
    // The word goes by Redis: it takes a moment.
    await until('miss', () => call(second, other));
    await until('hit', () => call(second, other));
  });
});
