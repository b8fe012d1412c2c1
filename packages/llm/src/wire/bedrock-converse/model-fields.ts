import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest, ReasoningSettings } from '../../model/request.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact } from '../read.ts';
import type { BedrockConverseDialect } from './dialect.ts';

/** Vendors whose models have words of their own for what Converse cannot say. */
export type ModelFamily = 'anthropic' | 'amazon' | 'openai' | 'qwen';

/** Names of models hold their vendor, with or without a region or an address before it. */
const FAMILIES: readonly (readonly [RegExp, ModelFamily])[] = [
  [/\banthropic\./, 'anthropic'],
  [/\bamazon\.nova/, 'amazon'],
  [/\bopenai\./, 'openai'],
  [/\bqwen\./, 'qwen'],
];

type Level = 'low' | 'medium' | 'high';

/** How other vendors than Anthropic are asked to think, by how much. */
const BY_LEVEL: Readonly<Record<Exclude<ModelFamily, 'anthropic'>, Readonly<Record<Level, JsonObject>>>> = {
  amazon: { low: nova('low'), medium: nova('medium'), high: nova('high') },
  openai: {
    low: { reasoning_effort: 'low' },
    medium: { reasoning_effort: 'medium' },
    high: { reasoning_effort: 'high' },
  },
  // Qwen's models know no middle.
  qwen: { low: { reasoning_config: 'low' }, medium: { reasoning_config: 'high' }, high: { reasoning_config: 'high' } },
};

function nova(maxReasoningEffort: Level): JsonObject {
  return { reasoningConfig: { type: 'enabled', maxReasoningEffort } };
}

/** Effort words to levels. */
const LEVELS: Readonly<Record<string, Level>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** Upper bounds of the budgets that count as low and as medium effort, in tokens. */
const LOW_BUDGET = 2048;
const MEDIUM_BUDGET = 8192;
/** Budgets that Anthropic's models are given for an effort, in tokens. */
const BUDGETS: Readonly<Record<Level, number>> = { low: 1024, medium: 4096, high: 16_384 };
/** Smallest budget that Anthropic's models take, in tokens. */
const BUDGET_MIN = 1024;

/** Members of `additionalModelRequestFields`, and whether the model was told to think. */
export interface ModelFields {
  readonly fields: JsonObject;
  readonly thinks: boolean;
}

/** Writes what Converse leaves to the models' own words; where a model has none, it is reported lost. */
export function encodeModelFields(
  request: GenerationRequest,
  { modelFamily }: BedrockConverseDialect,
  losses: Loss[],
): ModelFields {
  const family = modelFamily ?? FAMILIES.find(([name]) => name.test(request.model))?.[1];
  const thinking = encodeReasoning(request, family, losses);
  const thinks = 'thinking' in thinking && (thinking['thinking'] as JsonObject)['type'] !== 'disabled';
  return { fields: { ...thinking, ...encodeTopK(request, { family, thinks }, losses) }, thinks };
}

function encodeTopK(
  { topK }: GenerationRequest,
  { family, thinks }: { readonly family: ModelFamily | undefined; readonly thinks: boolean },
  losses: Loss[],
): JsonObject {
  if (topK === undefined) return {};
  if (family === 'amazon') return { inferenceConfig: { topK } };
  if (family === 'anthropic' && !thinks) return { top_k: topK };
  losses.push({ path: 'topK', what: thinks ? '`topK` while the model thinks' : '`topK`', instead: 'dropped' });
  return {};
}

function encodeReasoning(request: GenerationRequest, family: ModelFamily | undefined, losses: Loss[]): JsonObject {
  const { reasoning } = request;
  if (reasoning === undefined) return {};
  if (family === 'anthropic') return encodeThinking(request, reasoning, losses);
  losses.push(...foreignExtras(reasoning.extras, 'bedrock-converse', 'reasoning'));
  const { mode, effort, budgetTokens } = reasoning;
  if (mode === 'disabled' || (mode === undefined && effort === 'none')) return encodeSilence(reasoning, family, losses);
  const level = levelOf(reasoning);
  const named = (['mode', 'effort', 'budgetTokens'] as const).filter((name) => reasoning[name] !== undefined);
  if (family === undefined) {
    for (const name of named) losses.push({ path: `reasoning.${name}`, what: 'thinking', instead: 'dropped' });
    return {};
  }
  const exact = effort === level && !(family === 'qwen' && level === 'medium');
  for (const name of named)
    if (name !== 'effort' || !exact)
      losses.push({ path: `reasoning.${name}`, what: `${name} of thinking`, instead: 'approximated' });
  return mode === undefined && effort === undefined && budgetTokens === undefined ? {} : BY_LEVEL[family][level];
}

/** Only Amazon's own models can be told not to think; others are not told to. */
function encodeSilence(reasoning: ReasoningSettings, family: ModelFamily | undefined, losses: Loss[]): JsonObject {
  const said = (['mode', 'effort', 'budgetTokens'] as const).filter((name) => reasoning[name] !== undefined);
  const [wish, ...besides] = said;
  for (const name of besides) losses.push({ path: `reasoning.${name}`, what: 'thinking', instead: 'dropped' });
  if (family === 'amazon') return { reasoningConfig: { type: 'disabled' } };
  losses.push({ path: `reasoning.${wish}`, what: 'thinking switched off', instead: 'approximated' });
  return {};
}

function levelOf({ effort, budgetTokens }: ReasoningSettings): Level {
  const said = effort !== undefined && Object.hasOwn(LEVELS, effort) ? LEVELS[effort] : undefined;
  if (said !== undefined) return said;
  if (budgetTokens === undefined) return 'medium';
  if (budgetTokens <= LOW_BUDGET) return 'low';
  return budgetTokens <= MEDIUM_BUDGET ? 'medium' : 'high';
}

/** Anthropic's models take the members of Anthropic's own format. */
function encodeThinking(request: GenerationRequest, reasoning: ReasoningSettings, losses: Loss[]): JsonObject {
  const { mode, effort, budgetTokens, extras } = reasoning;
  const { 'anthropic-messages': own, ...foreign } = extras ?? {};
  losses.push(...foreignExtras(foreign, 'bedrock-converse', 'reasoning'));
  const wish = effort === undefined ? {} : { output_config: { effort } };
  if (mode !== undefined || budgetTokens !== undefined) {
    const thinking = compact({ type: mode ?? 'enabled', budget_tokens: budgetTokens, ...own });
    return { thinking, ...wish };
  }
  if (effort === undefined || own !== undefined) return wish;
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  const budget = Math.min(BUDGETS[levelOf(reasoning)], (request.maxOutputTokens ?? Infinity) - 1);
  // Anthropic does not let a model think that must call a tool.
  const forced = request.toolChoice?.type === 'required' || request.toolChoice?.type === 'tool';
  const possible = budget >= BUDGET_MIN && !forced;
  losses.push({ path: 'reasoning.effort', what: 'reasoning effort', instead: possible ? 'approximated' : 'dropped' });
  return possible ? { thinking: { type: 'enabled', budget_tokens: budget } } : {};
}
