import { tokenCount, type Usage } from '../../model/usage.ts';
import { isObject } from '../read.ts';

/** Reads the counts of an answer, which stand among its own members; `undefined` when they say nothing. */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = tokenCount(value['prompt_eval_count']);
  const outputTokens = tokenCount(value['eval_count']);
  if (inputTokens === 0 && outputTokens === 0) return undefined;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  };
}
