import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { RateLimits } from '../model/rate-limits.ts';
import { readRateLimits } from './rate-limit-headers.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

/** The limits alone, without what says whose they are. */
function limitsOf(headers: Readonly<Record<string, string>>, provider = 'another'): RateLimits {
  const { provider: _provider, readAtMs: _readAtMs, ...limits } = readRateLimits(headers, { provider, nowMs: NOW_MS });
  return limits;
}

const resetOf = (value: string): number | undefined => limitsOf({ 'ratelimit-reset': value }).requests?.resetAtMs;

describe('readRateLimits', () => {
  it('reads what OpenAI says, with durations from now', () => {
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    assert.deepEqual(limitsOf(headers, 'openai'), {
      requests: { limit: 60, remaining: 59, resetAtMs: NOW_MS + 1000 },
      tokens: { limit: 150_000, remaining: 149_984, resetAtMs: NOW_MS + 360_000 },
    });
  });

  it('reads what Anthropic says, with points in time', () => {
    const kind = (name: string, count: number): Record<string, string> => ({
      [`anthropic-ratelimit-${name}-limit`]: String(count),
      [`anthropic-ratelimit-${name}-remaining`]: '0',
      [`anthropic-ratelimit-${name}-reset`]: '2026-03-01T12:00:30Z',
    });
    const expected = (limit: number): object => ({ limit, remaining: 0, resetAtMs: NOW_MS + 30_000 });
    const headers = {
      ...kind('requests', 1),
      ...kind('tokens', 2),
      ...kind('input-tokens', 3),
      ...kind('output-tokens', 4),
    };
    assert.deepEqual(limitsOf(headers, 'anthropic'), {
      requests: expected(1),
      tokens: expected(2),
      inputTokens: expected(3),
      outputTokens: expected(4),
    });
  });

  it('reads generic headers as requests, but a vendor names them first', () => {
    const generic = { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': ' 5 ', 'ratelimit-reset': '50' };
    assert.deepEqual(limitsOf(generic), {
      requests: { limit: 100, remaining: 5, resetAtMs: NOW_MS + 50_000 },
    });
    assert.deepEqual(limitsOf({ ...generic, 'x-ratelimit-limit-requests': '7' }), {
      requests: { limit: 7 },
    });
  });

  it('reads what Cerebras says by minute and by day, in seconds with fractions', () => {
    const headers = {
      'x-ratelimit-limit-requests-day': '1000',
      'x-ratelimit-remaining-requests-day': '999',
      'x-ratelimit-reset-requests-day': '33011.382867',
      'x-ratelimit-limit-requests-minute': '60',
      'x-ratelimit-remaining-requests-minute': '0',
      'x-ratelimit-reset-requests-minute': '11.5',
      'x-ratelimit-limit-tokens-minute': '60000',
      'cerebras-request-id': 'c-1',
      'cerebras-processing-time': '0.12',
      'cerebras-region': 'us-west',
    };
    assert.deepEqual(limitsOf(headers, 'cerebras'), {
      requests: { limit: 60, remaining: 0, resetAtMs: NOW_MS + 11_500 },
      tokens: { limit: 60_000 },
      dailyRequests: { limit: 1000, remaining: 999, resetAtMs: NOW_MS + 33_011_383 },
      requestId: 'c-1',
      custom: { 'cerebras-processing-time': '0.12', 'cerebras-region': 'us-west' },
    });
  });

  it('reads what Gemini says: a wait, in seconds or as a date, and nothing else', () => {
    const others = { 'x-ratelimit-limit-requests': '5', 'x-request-id': 'g-1' };
    assert.deepEqual(limitsOf({ ...others, 'retry-after': '7' }, 'gemini'), { retryAfterMs: 7000, requestId: 'g-1' });
    const dated = { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' };
    assert.deepEqual(limitsOf(dated, 'gemini'), { retryAfterMs: 30_000 });
    assert.deepEqual(limitsOf({ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 'gemini'), {});
  });

  it('reads what OpenRouter says: milliseconds since 1970, allowances, credits and the free tier', () => {
    const headers = {
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '3',
      'x-ratelimit-reset': String(NOW_MS + 9),
      'x-ratelimit-requests': '99',
      'x-ratelimit-tokens': '40000',
      'x-ratelimit-limit-credits': '10',
      'x-ratelimit-remaining-credits': '2.5',
      'x-ratelimit-free-tier': 'true',
    };
    assert.deepEqual(limitsOf(headers, 'openrouter'), {
      requests: { limit: 20, remaining: 3, resetAtMs: NOW_MS + 9 },
      tokens: { limit: 40_000 },
      credits: { limit: 10, remaining: 2.5 },
      isFreeTier: true,
    });
    const { 'x-ratelimit-limit': _limit, ...without } = headers;
    assert.deepEqual(limitsOf(without, 'openrouter').requests, { limit: 99 });
  });

  it('reads what Qwen says under each of its prefixes', () => {
    for (const prefix of ['x-ratelimit', 'qwen-ratelimit', 'dashscope-ratelimit', 'x-dashscope-ratelimit']) {
      const headers = {
        [`${prefix}-limit-requests`]: '60',
        [`${prefix}-remaining-tokens`]: '5',
        [`${prefix}-reset-tokens`]: String(NOW_MS / 1000 + 60),
        'req-cost-time': '221',
      };
      assert.deepEqual(
        limitsOf(headers, 'qwen'),
        {
          requests: { limit: 60 },
          tokens: { remaining: 5, resetAtMs: NOW_MS + 60_000 },
          custom: { 'req-cost-time': '221' },
        },
        prefix,
      );
    }
  });

  it('says whose limits they are and when they were read', () => {
    assert.deepEqual(readRateLimits({ 'x-request-id': 'r' }, { provider: '__proto__', model: 'm', nowMs: NOW_MS }), {
      provider: '__proto__',
      model: 'm',
      readAtMs: NOW_MS,
      requestId: 'r',
    });
  });

  it('reads resets as durations, seconds or points in time', () => {
    const afterNowMs = {
      '120ms': 120,
      '7.66s': 7660,
      '1m30.5s': 90_500,
      '1h': 3_600_000,
      '2d3h4m5s6ms': 183_845_006,
      '0': 0,
      '0s': 0,
      '1.5': 1500,
      '0.2ms': 1,
      [String(NOW_MS / 1000 + 5)]: 5000,
      [String(NOW_MS + 7)]: 7,
      '2026-03-01T13:00:00.250+01:00': 250,
      '2026-03-01T11:59:59Z': -1000,
    };
    for (const [value, ms] of Object.entries(afterNowMs)) assert.equal(resetOf(value), NOW_MS + ms, value);
  });

  it('leaves out what makes no sense', () => {
    const nonsense = ['', ' ', 'soon', '-1s', '1x', '1s1m', 's', '5 s', 'NaN', '1e3', '400d', '99999999999999999999'];
    for (const value of [...nonsense, '2026-13-45T99:00:00Z', '2026-03-01', '9999-01-01T00:00:00Z'])
      assert.equal(resetOf(value), undefined, value);
    for (const value of ['', '-1', '1.5', 'many', '0x10', '12abc', '99999999999999999999'])
      assert.deepEqual(limitsOf({ 'x-ratelimit-limit-tokens': value }), {}, value);
    assert.deepEqual(limitsOf({}), {});
  });
});
