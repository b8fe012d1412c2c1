import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

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
const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** A refusal, and for how many seconds which account then rests. */
interface Told {
  readonly says: string;
  readonly provider?: 'openai' | 'anthropic' | 'gemini';
  readonly status?: number;
  readonly headers?: () => Record<string, string>;
  readonly body?: object;
  readonly restS: number;
  /** Default: all of the account, because of its quota. */
  readonly rests?: 'model';
}

const SPENT = { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } };
const SLOW = { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } };
const inSeconds = (seconds: number): number => Math.round(Date.now() / 1000) + seconds;
const google = (...details: object[]) => ({ error: { status: 'RESOURCE_EXHAUSTED', message: 'Spent.', details } });
const PER_DAY = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId: 'GenerateRequestsPerDay' }],
};

const TOLD: readonly Told[] = [
  { says: 'nothing of its return', restS: HOUR_S },
  { says: 'a wait of seconds', headers: () => ({ 'retry-after': '30' }), restS: HOUR_S },
  {
    says: 'the end of a minute’s window, which is not what is spent',
    headers: () => ({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12s' }),
    restS: HOUR_S,
  },
  { says: 'a wait of hours', headers: () => ({ 'retry-after': '7200' }), restS: 2 * HOUR_S },
  {
    says: 'the duration of a spent window',
    headers: () => ({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '20m0s' }),
    restS: 20 * MINUTE_S,
  },
  {
    says: 'the later of two spent windows, and a third that is not spent',
    headers: () => ({
      'x-ratelimit-remaining-requests-minute': '0',
      'x-ratelimit-reset-requests-minute': '31',
      'x-ratelimit-remaining-tokens-day': '0',
      'x-ratelimit-reset-tokens-day': '40000',
      'x-ratelimit-remaining-requests-day': '12',
      'x-ratelimit-reset-requests-day': '80000',
    }),
    restS: 40_000,
  },
  {
    says: 'a window of which something is left',
    headers: () => ({ 'x-ratelimit-remaining-requests': '7', 'x-ratelimit-reset-requests': '20m0s' }),
    restS: HOUR_S,
  },
  { says: 'the reset in its body', body: { error: { ...SPENT.error, resets_in_seconds: 5400 } }, restS: 5400 },
  {
    says: 'a time far in the future',
    headers: () => ({ 'ratelimit-remaining': '0', 'ratelimit-reset': String(inSeconds(300 * DAY_S)) }),
    restS: 31 * DAY_S,
  },
  { says: 'nonsense', headers: () => ({ 'ratelimit-remaining': '0', 'ratelimit-reset': 'soon' }), restS: HOUR_S },
  {
    says: 'that the plan is spent until a time',
    provider: 'anthropic',
    headers: () => ({
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String(inSeconds(3 * HOUR_S)),
      'anthropic-ratelimit-unified-7d-status': 'allowed',
      'anthropic-ratelimit-unified-7d-reset': String(inSeconds(5 * DAY_S)),
    }),
    body: { type: 'error', error: { type: 'rate_limit_error', message: 'Your limit is reached.' } },
    restS: 3 * HOUR_S,
  },
  {
    says: 'a date beside what is left',
    provider: 'anthropic',
    status: 400,
    headers: () => ({
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': new Date(Date.now() + 10 * MINUTE_S * 1000).toISOString(),
    }),
    body: { type: 'error', error: { type: 'billing_error', message: 'Your credit balance is too low.' } },
    restS: 10 * MINUTE_S,
  },
  {
    says: 'seconds for a quota of a day',
    provider: 'gemini',
    body: google(PER_DAY, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }),
    restS: HOUR_S,
  },
  {
    says: 'how long a quota of a day is gone',
    provider: 'gemini',
    body: google(PER_DAY, {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      metadata: { quotaResetDelay: '2h15m3.5s' },
    }),
    restS: 2 * HOUR_S + 15 * MINUTE_S + 4,
  },
  {
    says: 'the end of a short window without a wait',
    headers: () => ({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m30s' }),
    body: SLOW,
    restS: 90,
    rests: 'model',
  },
];

let upstream: ScriptedUpstream;
let accounts: AccountGateway;
const seatsOf = (id: string) => accounts.gateway.gateway.registry.current().runtimes.get(id)?.pool.seats ?? [];
const askedKeys = (): string =>
  upstream.seen.map(({ headers }) => /(\d)$/.exec(String(headers.authorization))?.[1]).join('');

before(async () => {
  upstream = await startUpstream(() => undefined);
  accounts = await startAccounts(
    [
      provider('openai', `${upstream.url}/v1`, 'canary-key-1', 'canary-key-2'),
      provider('anthropic', upstream.url, 'canary-key-1', 'canary-key-2'),
      provider('gemini', `${upstream.url}/v1beta`, 'canary-key-1', 'canary-key-2'),
    ],
    { accountPolicies: new Map([['*', 'fill-first']]) },
  );
});
after(async () => {
  await accounts.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  for (const id of ['openai', 'anthropic', 'gemini']) for (const seat of seatsOf(id)) seat.reset();
});

describe('an account of the settings rests after a refusal that says', () => {
  for (const { says, provider: id = 'openai', status = 429, headers, body = SPENT, restS, rests } of TOLD)
    it(says, async () => {
      upstream.answer = (_, response) => sendJson(response, status, body, headers?.() ?? {});
      const answer = await accounts.ask(`${id}/m`);
      assert.notEqual(answer.status, 200);
      const nowMs = systemClock.monotonicMs();
      const [rest] = seatsOf(id)[0]?.rests(nowMs) ?? [];
      assert.ok(rest, await answer.text());
      const isModels = rests === 'model';
      assert.deepEqual([rest.reason, rest.model], isModels ? ['cooldown', 'm'] : ['quota', undefined]);
      const leftS = (rest.untilMs - nowMs) / 1000;
      // The answer's own `date` has no fractions of a second.
      assert.ok(leftS > restS - 20 && leftS <= restS + 1, `${leftS} s instead of ${restS} s`);
    });
});

describe('what was learned of a quota', () => {
  const learned = (accountId: string, model: string, more = {}) => ({
    accountId,
    model,
    requestLimit: 2,
    tokenLimit: 0,
    confidence: 1,
    samples: 10,
    lastExhaustedAtMs: Date.now(),
    ...more,
  });
  const call = async (model: string, times: number): Promise<void> => {
    for (let each = 0; each < times; each += 1) assert.equal((await accounts.ask(`openai/${model}`)).status, 200);
  };
  beforeEach(() => {
    upstream.answer = (_, response) => sendJson(response, 200, CHAT);
  });

  it('lets accounts of the settings be passed over for that model once it is used up', async () => {
    const { quotas } = accounts.gateway.gateway.accounts;
    quotas.load([learned('openai-1', 'sure'), learned('openai-1', 'unsure', { confidence: 0.4 })]);
    await call('sure', 4);
    await call('unsure', 4);
    assert.equal(askedKeys(), '11221111');
    const states = quotas.states('openai-1').filter(({ model }) => model.endsWith('sure'));
    const told = new Map(states.map(({ model, requests, passedOver }) => [model, { requests, passedOver }]));
    assert.deepEqual(told.get('sure'), { requests: 2, passedOver: true });
    assert.deepEqual(told.get('unsure'), { requests: 4, passedOver: false });
  });

  it('refuses nobody: where all are used up, the provider is asked', async () => {
    accounts.gateway.gateway.accounts.quotas.load([learned('openai-1', 'all'), learned('openai-2', 'all')]);
    await call('all', 6);
    assert.equal(upstream.seen.length, 6);
    assert.match(askedKeys(), /^1122/);
  });
});
