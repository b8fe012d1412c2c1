import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Seat } from '@patchbay/llm/credentials/seat';
import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';
import { restOf } from '@patchbay/llm/resilience/rests';

import { QuotaBook } from '../../src/accounts/quota-book.ts';
import { QUOTA_WINDOW_MS } from '../../src/accounts/quota-windows.ts';
import { quotaTally } from '../../src/coordination/quota-tally.ts';
import { byHand, forget, newName, openOnRedis, PATIENT, REDIS_URL, skipRedis } from '../coordination/engines.ts';
import { askOf } from '../management/management-gateway.ts';
import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { until } from './account-gateway.ts';

const PASSWORD = 'canary-password-of-quotas';
const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};
const SPENT = { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } };
const RESET_S = 1800;
const HOUR_MS = 3_600_000;

describe('two gateways on one Redis', { skip: skipRedis, timeout: 120_000 }, () => {
  let upstream: ScriptedUpstream;
  let here: GatewayProcess;
  let other: GatewayProcess;
  /** What the first key belongs to, as the second gateway sees it. */
  const blocked = async (): Promise<{ reason: string; until: string } | undefined> => {
    const login = { body: { username: 'admin', password: PASSWORD } };
    const { json } = await askOf(other.url, 'POST /api/v1/auth/login', login);
    const { json: seen } = await askOf(other.url, 'GET /api/v1/auth-manager/accounts', { token: json.token });
    return seen.accounts.find(({ provider }: { provider: string }) => provider === 'groq')?.blocked;
  };
  const call = (gateway: GatewayProcess) =>
    askOf(gateway.url, 'POST /v1/chat/completions', {
      token: PROCESS_KEY,
      body: { model: 'groq/shared', messages: [{ role: 'user', content: 'hi' }] },
    });
  const asked = (): readonly string[] => upstream.seen.map(({ headers }) => String(headers.authorization).slice(-5));

  before(async () => {
    upstream = await startUpstream(({ headers }, response) =>
      headers.authorization?.endsWith('first') === true
        ? sendJson(response, 429, SPENT, {
            'x-ratelimit-remaining-requests': '0',
            'x-ratelimit-reset-requests': `${RESET_S}s`,
          })
        : sendJson(response, 200, CHAT),
    );
    const environment = {
      REDIS_URL,
      GROQ_BASE_URL: `${upstream.url}/v1`,
      GROQ_API_KEY_1: 'canary-of-quotas-first',
      GROQ_API_KEY_2: 'canary-of-quotas-other',
      ACCOUNT_POLICIES: 'groq=fill-first',
      ADMIN_PASSWORD: PASSWORD,
      RATE_LIMIT_ENABLED: 'false',
    };
    here = await startProcess(environment);
    other = await startProcess(environment);
  });
  after(async () => {
    for (const each of [here, other]) {
      await each?.stop();
      await each?.remove();
    }
    await upstream.close();
  });

  it('ask an account no more of which either was told that nothing is left, until it is back', async () => {
    assert.equal(await blocked(), undefined);
    assert.equal((await call(here)).status, 200);
    assert.deepEqual(asked(), ['first', 'other']);
    await until(async () => (await blocked()) !== undefined);
    const { reason, until: back } = (await blocked()) ?? { reason: '', until: '' };
    const leftS = (Date.parse(back) - Date.now()) / 1000;
    assert.equal(reason, 'quota');
    assert.ok(leftS > RESET_S - 60 && leftS <= RESET_S, `${leftS} s`);
    upstream.seen.length = 0;
    assert.equal((await call(other)).status, 200);
    assert.deepEqual(asked(), ['other']);
  });
});

it(
  'a sure estimate is used up by all processes together, and what they used ends with the window',
  { skip: skipRedis },
  async () => {
    const account = newName();
    const coordination = await openOnRedis(REDIS_URL, PATIENT);
    try {
      const seat = new Seat({ kind: 'api-key', id: account, key: new Secret('k') });
      const open = (): QuotaBook => {
        const tally = quotaTally(coordination.tally, QUOTA_WINDOW_MS);
        const onError = (error: unknown): void => assert.fail(String(error));
        const book = new QuotaBook({ clock: systemClock, put: () => Promise.resolve(), tally, onError });
        const sample = { requestLimit: 4, tokenLimit: 0, confidence: 1, samples: 10, lastExhaustedAtMs: Date.now() };
        book.load([{ accountId: account, model: 'm', ...sample }]);
        return book;
      };
      const [one, another] = [open(), open()];
      for (let call = 0; call < 3; call += 1) one.ended(seat, { ok: true, verdict: 'keep' }, 'm');
      assert.equal(seat.isUsable('m', systemClock.monotonicMs()), true);
      another.ended(seat, { ok: true, verdict: 'keep' }, 'm');
      await until(() => seat.reason('m') === 'estimate');
      assert.equal(another.states(account)[0]?.requests, 4);
      const rest = restOf({ kind: 'quota-exhausted' });
      assert.ok(rest);
      const leftMs = async () => Number(await byHand('PTTL', `quota:${account}:m:requests`));
      await until(async () => (await leftMs()) > 4 * HOUR_MS);
      another.ended(seat, { ok: false, verdict: 'retire', rest: { ...rest, exactMs: HOUR_MS } }, 'm');
      await until(async () => (await leftMs()) <= HOUR_MS);
    } finally {
      await forget(account);
      await coordination.close();
    }
  },
);
