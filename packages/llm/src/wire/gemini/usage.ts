import type { Json, JsonObject } from '../../model/json.ts';
import { tokenCount, type Usage } from '../../model/usage.ts';
import { isObject, unknownMembers } from '../read.ts';

const KNOWN = new Set([
  'promptTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'cachedContentTokenCount',
  'totalTokenCount',
]);

/**
 * Reads `usageMetadata`; `undefined` when it is absent or says nothing. Gemini counts thoughts beside what was said, and
 * what its own tools gave the model to read beside the prompt; cached tokens are part of the prompt.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = tokenCount(value['promptTokenCount']) + tokenCount(value['toolUsePromptTokenCount']);
  const reasoningTokens = tokenCount(value['thoughtsTokenCount']);
  const outputTokens = tokenCount(value['candidatesTokenCount']) + reasoningTokens;
  if (inputTokens === 0 && outputTokens === 0) return undefined;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: Math.min(inputTokens, tokenCount(value['cachedContentTokenCount'])),
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens,
    estimated: false,
  };
}

/** What `usageMetadata` says beside the counts that every format has: counts by modality, the tier, tools. */
export const usageRest = (value: Json | undefined): JsonObject | undefined =>
  isObject(value) ? unknownMembers(value, KNOWN) : undefined;

/** Writes `usageMetadata`, with what Gemini itself said beside the counts. */
export function encodeUsage(usage: Usage, rest: JsonObject | undefined): JsonObject {
  const { inputTokens, outputTokens, reasoningTokens, cacheReadTokens } = usage;
  const toolUse = Math.min(inputTokens, tokenCount(rest?.['toolUsePromptTokenCount']));
  return {
    promptTokenCount: inputTokens - toolUse,
    ...(cacheReadTokens > 0 && { cachedContentTokenCount: cacheReadTokens }),
    candidatesTokenCount: outputTokens - reasoningTokens,
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
    totalTokenCount: inputTokens + outputTokens,
    ...rest,
  };
}
