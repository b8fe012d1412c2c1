import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationRequest, ReasoningSettings } from '../../model/request.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, isObject, unknownMembers } from '../read.ts';
import { wanted } from '../refusal.ts';
import { isBudgetModel, type GeminiDialect } from './dialect.ts';
import { spelled } from './spelling.ts';

const CONFIG = new Set(['includeThoughts', 'thinkingBudget', 'thinkingLevel']);
const UNSAID = 'THINKING_LEVEL_UNSPECIFIED';

/** Budgets that are words: no thinking, and as much as the model likes. */
const NO_BUDGET = 0;
const OWN_BUDGET = -1;

/** Reads `thinkingConfig`. The extras, even if empty, mark the settings as said in Gemini's own words. */
export function decodeThinking(value: Json | undefined): ReasoningSettings | undefined {
  const path = 'generationConfig.thinkingConfig';
  const config = wanted({ value }, 'value', 'object', path);
  if (!isObject(config)) return undefined;
  const wire = spelled(config, CONFIG);
  const budget = wanted(wire, 'thinkingBudget', 'number', `${path}.thinkingBudget`) as number | undefined;
  const level = wanted(wire, 'thinkingLevel', 'string', `${path}.thinkingLevel`) as string | undefined;
  wanted(wire, 'includeThoughts', 'boolean', `${path}.includeThoughts`);
  const isTokens = budget !== undefined && budget > 0;
  const mode = budget === NO_BUDGET ? 'disabled' : budget === OWN_BUDGET ? 'adaptive' : undefined;
  const isRead = isTokens || mode !== undefined;
  const isWord = level !== undefined && level !== UNSAID;
  const read = [...(isRead ? ['thinkingBudget'] : []), ...(isWord ? ['thinkingLevel'] : [])];
  return {
    ...(mode !== undefined && { mode }),
    ...(isWord && { effort: level.toLowerCase() }),
    ...(isTokens && { budgetTokens: budget }),
    extras: { gemini: unknownMembers(wire, new Set(read)) ?? {} },
  };
}

/** Writes `thinkingConfig`: Gemini's own words as they came, other vendors' in the way that the model understands. */
export function encodeThinking(
  { reasoning, model }: GenerationRequest,
  dialect: GeminiDialect,
  losses: Loss[],
): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  losses.push(...foreignExtras(reasoning.extras, 'gemini', 'reasoning'));
  const own = reasoning.extras?.gemini;
  const config =
    own === undefined ? encodeForeign(reasoning, isBudgetModel(model, dialect), losses) : encodeOwn(reasoning);
  const wire = compact({ ...config, ...own });
  return Object.keys(wire).length > 0 ? wire : undefined;
}

function encodeOwn({ mode, effort, budgetTokens }: ReasoningSettings): JsonObject {
  const word = mode === 'disabled' ? NO_BUDGET : mode === 'adaptive' ? OWN_BUDGET : undefined;
  return { thinkingBudget: budgetTokens ?? word, thinkingLevel: effort?.toUpperCase() };
}

/** Upper bounds of the budgets that count as a low and as a medium level, in tokens. */
const LOW_BUDGET = 2048;
const MEDIUM_BUDGET = 8192;
/** Largest budget that every model with budgets takes, in tokens. */
const BUDGET_MAX = 24_576;

/** Effort words of all vendors: the level nearest to them that every model with levels knows, and a budget in tokens. */
const EFFORTS: Readonly<Record<string, readonly [level: string, budget: number]>> = {
  none: ['LOW', NO_BUDGET],
  minimal: ['MINIMAL', 512],
  low: ['LOW', 1024],
  medium: ['MEDIUM', MEDIUM_BUDGET],
  high: ['HIGH', BUDGET_MAX],
  xhigh: ['HIGH', BUDGET_MAX],
  max: ['HIGH', BUDGET_MAX],
};

function encodeForeign(reasoning: ReasoningSettings, isBudget: boolean, losses: Loss[]): JsonObject {
  const { mode, effort, budgetTokens } = reasoning;
  const lose = (name: string, what: string, instead: Loss['instead']): void => {
    losses.push({ path: `reasoning.${name}`, what, instead });
  };
  if (mode === 'disabled') {
    if (effort !== undefined) lose('effort', 'effort without thinking', 'dropped');
    if (!isBudget) lose('mode', 'thinking switched off', 'approximated');
    return isBudget ? { thinkingBudget: NO_BUDGET } : { thinkingLevel: 'LOW' };
  }
  // Callers who switch thinking on in the words of other vendors are shown it without asking for more.
  const shown = mode !== undefined || budgetTokens !== undefined ? { includeThoughts: true } : {};
  const known = effort !== undefined && Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (effort !== undefined && known === undefined) lose('effort', `effort \`${effort}\``, 'dropped');
  if (isBudget) {
    if (known !== undefined) lose('effort', 'reasoning effort', 'approximated');
    if ((budgetTokens ?? 0) > BUDGET_MAX) lose('budgetTokens', 'thinking budget', 'approximated');
    return { thinkingBudget: budgetTokens === undefined ? known?.[1] : Math.min(budgetTokens, BUDGET_MAX), ...shown };
  }
  if (budgetTokens !== undefined) lose('budgetTokens', 'thinking budget', 'approximated');
  if (known !== undefined && known[0].toLowerCase() !== effort) lose('effort', 'reasoning effort', 'approximated');
  return { thinkingLevel: known?.[0] ?? levelOf(budgetTokens), ...shown };
}

function levelOf(budgetTokens: number | undefined): string | undefined {
  if (budgetTokens === undefined) return undefined;
  if (budgetTokens <= LOW_BUDGET) return 'LOW';
  return budgetTokens <= MEDIUM_BUDGET ? 'MEDIUM' : 'HIGH';
}
