import type { Json, JsonObject } from '../../model/json.ts';
import { tokenCount, type Usage } from '../../model/usage.ts';
import { isObject, objectOf } from '../read.ts';

/** Reads `usage`; absent when it counts nothing. Input tokens include cached ones, output tokens what was thought. */
export function decodeUsage(value: Json | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = objectOf(value['input_tokens_details']);
  const inputTokens = tokenCount(value['input_tokens']);
  const said = tokenCount(value['output_tokens']);
  if (inputTokens === 0 && said === 0) return undefined;
  const reasoningTokens = tokenCount(objectOf(value['output_tokens_details'])?.['reasoning_tokens']);
  const cacheReadTokens = Math.min(inputTokens, tokenCount(input?.['cached_tokens']));
  return {
    inputTokens,
    // A server that counts thoughts beside the output gives them away by the smaller number.
    outputTokens: said < reasoningTokens ? said + reasoningTokens : said,
    cacheReadTokens,
    cacheWriteTokens: Math.min(inputTokens - cacheReadTokens, tokenCount(input?.['cache_write_tokens'])),
    cacheWrite1hTokens: 0,
    reasoningTokens,
    estimated: false,
  };
}

/** Writes `usage` with every count that clients add up. */
export const encodeUsage = (usage: Usage): JsonObject => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  total_tokens: usage.inputTokens + usage.outputTokens,
});
