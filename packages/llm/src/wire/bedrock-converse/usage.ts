import type { JsonObject } from '../../model/json.ts';
import { tokenCount, type Usage } from '../../model/usage.ts';
import { arrayOf, objectOf } from '../read.ts';

/** Reads `usage`. Cached tokens are counted outside `inputTokens`, as Anthropic does; thinking has no count of its own. */
export function decodeUsage(usage: JsonObject): Usage {
  const cacheReadTokens = tokenCount(usage['cacheReadInputTokens']);
  const cacheWriteTokens = tokenCount(usage['cacheWriteInputTokens']);
  return {
    inputTokens: tokenCount(usage['inputTokens']) + cacheReadTokens + cacheWriteTokens,
    outputTokens: tokenCount(usage['outputTokens']),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(cacheWriteTokens, hourTokens(usage)),
    reasoningTokens: 0,
    estimated: false,
  };
}

/** Tokens that were written for an hour. */
function hourTokens(usage: JsonObject): number {
  const hours = arrayOf(usage['cacheDetails'])
    .map(objectOf)
    .filter((each) => each?.['ttl'] === '1h');
  return hours.reduce((sum, each) => sum + tokenCount(each?.['inputTokens']), 0);
}
