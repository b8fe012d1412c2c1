import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRateLimitHeaders } from './rate-limit-headers.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');
const resetOf = (value: string): number | undefined =>
  parseRateLimitHeaders({ 'ratelimit-reset': value }, NOW_MS).requests?.resetAtMs;

describe('parseRateLimitHeaders', () => {
  it('reads what OpenAI says, with durations from now', () => {
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    assert.deepEqual(parseRateLimitHeaders(headers, NOW_MS), {
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
    assert.deepEqual(parseRateLimitHeaders(headers, NOW_MS), {
      requests: expected(1),
      tokens: expected(2),
      inputTokens: expected(3),
      outputTokens: expected(4),
    });
  });

  it('reads generic headers as requests, but a vendor names them first', () => {
    const generic = { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': ' 5 ', 'ratelimit-reset': '50' };
    assert.deepEqual(parseRateLimitHeaders(generic, NOW_MS), {
      requests: { limit: 100, remaining: 5, resetAtMs: NOW_MS + 50_000 },
    });
    assert.deepEqual(parseRateLimitHeaders({ ...generic, 'x-ratelimit-limit-requests': '7' }, NOW_MS), {
      requests: { limit: 7 },
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
      assert.deepEqual(parseRateLimitHeaders({ 'x-ratelimit-limit-tokens': value }, NOW_MS), {}, value);
    assert.deepEqual(parseRateLimitHeaders({}, NOW_MS), {});
  });
});
