import type { JsonObject } from '../../model/json.ts';
import { tokenCount, type Usage } from '../../model/usage.ts';
import { isObject, objectOf } from '../read.ts';
import type { OpenAiChatDialect } from './dialect.ts';

/** Reads `usage`; `undefined` when it is absent or says nothing. Prompt tokens include cached ones. */
export function decodeUsage(value: unknown, dialect: OpenAiChatDialect): Usage | undefined {
  if (!isObject(value)) return undefined;
  const prompt = objectOf(value['prompt_tokens_details']);
  const completion = objectOf(value['completion_tokens_details']);
  const reasoningTokens = tokenCount(completion?.['reasoning_tokens'] ?? value['reasoning_tokens']);
  const completionTokens = tokenCount(value['completion_tokens']);
  const inputTokens = tokenCount(value['prompt_tokens']);
  if (inputTokens === 0 && completionTokens === 0) return undefined;
  // Some leave out of the completion what was thought, and their own sum tells.
  const sum = inputTokens + completionTokens + reasoningTokens;
  const isApart = reasoningTokens > 0 && tokenCount(value['total_tokens']) === sum;
  const outside = dialect.reasoningOutsideCompletion === true || completionTokens < reasoningTokens || isApart;
  const cacheRead = prompt?.['cached_tokens'] ?? value['prompt_cache_hit_tokens'] ?? value['cached_tokens'];
  const cacheReadTokens = Math.min(inputTokens, tokenCount(cacheRead));
  return {
    inputTokens,
    outputTokens: outside ? completionTokens + reasoningTokens : completionTokens,
    cacheReadTokens,
    cacheWriteTokens: Math.min(inputTokens - cacheReadTokens, tokenCount(prompt?.['cache_write_tokens'])),
    cacheWrite1hTokens: 0,
    reasoningTokens,
    estimated: false,
  };
}

/** Writes `usage` the way OpenAI's own clients read it. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      ...(usage.cacheWriteTokens > 0 && { cache_write_tokens: usage.cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
