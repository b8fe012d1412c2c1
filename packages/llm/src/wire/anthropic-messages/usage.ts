import type { JsonObject } from '../../model/json.ts';
import { tokenCount, uncachedInputTokens, type Usage } from '../../model/usage.ts';
import { objectOf } from '../read.ts';

/** Reads `usage`. Anthropic counts cached tokens outside `input_tokens`; every other vendor includes them. */
export function decodeUsage(usage: JsonObject): Usage {
  const cacheReadTokens = tokenCount(usage['cache_read_input_tokens']);
  const cacheWriteTokens = tokenCount(usage['cache_creation_input_tokens']);
  const outputTokens = tokenCount(usage['output_tokens']);
  const written = objectOf(usage['cache_creation']);
  return {
    inputTokens: tokenCount(usage['input_tokens']) + cacheReadTokens + cacheWriteTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: Math.min(cacheWriteTokens, tokenCount(written?.['ephemeral_1h_input_tokens'])),
    reasoningTokens: Math.min(outputTokens, tokenCount(objectOf(usage['output_tokens_details'])?.['thinking_tokens'])),
    estimated: false,
  };
}

/** Writes `usage` with every count the official clients add up, and cache writes by their lifetime where there are any. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    input_tokens: uncachedInputTokens(usage),
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    ...(usage.cacheWriteTokens > 0 && { cache_creation: encodeLifetimes(usage) }),
    output_tokens: usage.outputTokens,
    ...(usage.reasoningTokens > 0 && { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
  };
}

/** What is not known to live for an hour lives for five minutes, as it does for callers who ask for no lifetime. */
function encodeLifetimes({ cacheWriteTokens, cacheWrite1hTokens }: Usage): JsonObject {
  const hour = Math.min(cacheWriteTokens, cacheWrite1hTokens);
  return { ephemeral_5m_input_tokens: cacheWriteTokens - hour, ephemeral_1h_input_tokens: hour };
}
