import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { rateLimitHeaders } from './rate-limit-headers.ts';

const OPENAI = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-tokens': '0' };
const ANTHROPIC = { 'anthropic-ratelimit-requests-limit': '60', 'anthropic-ratelimit-tokens-remaining': '0' };

describe('what a provider says of its rate limits', () => {
  it('is told in the caller’s own headers', () => {
    assert.deepEqual(rateLimitHeaders(OPENAI, 'anthropic-messages'), ANTHROPIC);
    for (const format of ['openai-chat', 'openai-responses'] as const)
      assert.deepEqual(rateLimitHeaders(ANTHROPIC, format), OPENAI);
  });

  it('stays as it is between the dialects of one vendor', () => {
    assert.deepEqual(rateLimitHeaders(OPENAI, 'openai-responses'), OPENAI);
  });

  it('is not told to callers whose vendor has no such headers', () => {
    assert.deepEqual(rateLimitHeaders(OPENAI, 'gemini'), {});
  });

  it('is nothing where the provider says nothing', () => {
    assert.deepEqual(rateLimitHeaders({ 'retry-after': '3' }, 'openai-chat'), {});
  });
});
