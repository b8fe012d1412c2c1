import type { GenerationRequest, ReasoningSettings } from '../model/request.ts';
import type { Loss } from './losses.ts';

/** How much a model is to think, from not at all to as much as it can: the words of all vendors together. */
export type Effort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Google's thinking levels, in lower case. */
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high';

/** One effort in the three languages in which vendors say it. */
export interface EffortRow {
  readonly effort: Effort;
  /** The budget that stands for the effort, in tokens. */
  readonly budgetTokens: number;
  /** The largest budget that still counts as the effort, in tokens. */
  readonly budgetTokensMax: number;
  /** Absent where levels have no word for it: no level switches thinking off. */
  readonly level?: ThinkingLevel;
}

/**
 * The one table between efforts, budgets and levels, from least to most. 1024, 8192 and 24 576 are the budgets that
 * Google names for low, medium and high in its OpenAI-compatible API (as of 2026-09), and the largest is what models
 * with budgets commonly stop at; the others continue the row. A budget counts as the least effort that can hold it.
 */
export const EFFORTS: readonly EffortRow[] = [
  { effort: 'none', budgetTokens: 0, budgetTokensMax: 0 },
  { effort: 'minimal', budgetTokens: 512, budgetTokensMax: 512, level: 'minimal' },
  { effort: 'low', budgetTokens: 1024, budgetTokensMax: 2048, level: 'low' },
  { effort: 'medium', budgetTokens: 8192, budgetTokensMax: 8192, level: 'medium' },
  { effort: 'high', budgetTokens: 24_576, budgetTokensMax: 24_576, level: 'high' },
  { effort: 'xhigh', budgetTokens: 32_768, budgetTokensMax: 32_768, level: 'high' },
  { effort: 'max', budgetTokens: 65_536, budgetTokensMax: Infinity, level: 'high' },
];

/** What a budget must keep to. */
export interface BudgetBounds {
  /** Smallest budget that the target takes, in tokens. Default 1. */
  readonly budgetTokensMin?: number;
  /** Largest budget that the target takes, in tokens. Default none. */
  readonly budgetTokensMax?: number;
  /** Upper bound of the whole answer, in tokens; thinking must leave at least one of them. Default none. */
  readonly maxOutputTokens?: number;
}

/** The effort that a vendor's word means, in any letter case; `undefined` for a word that no table has. */
export const effortOfWord = (word: string): Effort | undefined =>
  EFFORTS.find(({ effort }) => effort === word.toLowerCase())?.effort;

/** The effort that a budget in tokens counts as; a budget that is none (0 or less) is no effort. */
export const effortOfBudget = (budgetTokens: number): Effort =>
  EFFORTS.find(({ budgetTokensMax }) => budgetTokens <= budgetTokensMax)?.effort ?? 'max';

/** The effort that a thinking level means. */
export const effortOfLevel = (level: ThinkingLevel): Effort => level;

/** The thinking level nearest to an effort; `undefined` for `none`. */
export const levelOfEffort = (effort: Effort): ThinkingLevel | undefined => rowOf(effort).level;

/**
 * The budget for an effort within `bounds`, in tokens: 0 for `none`, `undefined` where the bounds leave no room to
 * think.
 */
export const budgetOfEffort = (effort: Effort, bounds: BudgetBounds = {}): number | undefined =>
  effort === 'none' ? 0 : clampedBudget(rowOf(effort).budgetTokens, bounds);

/** A budget moved into `bounds`, in tokens; `undefined` where they leave no room. */
export function clampedBudget(budgetTokens: number, bounds: BudgetBounds): number | undefined {
  const { budgetTokensMin: least = 1, budgetTokensMax = Infinity, maxOutputTokens = Infinity } = bounds;
  const most = Math.min(budgetTokensMax, maxOutputTokens - 1);
  return most < least ? undefined : Math.min(most, Math.max(least, Math.floor(budgetTokens)));
}

/** The word of `words` nearest to an effort, the lesser of two as near; `undefined` when there is none to choose. */
export function nearestEffort(effort: Effort, words: readonly Effort[]): Effort | undefined {
  const [wanted, known] = [EFFORTS.indexOf(rowOf(effort)), new Set(words)];
  const distance = (row: EffortRow): number => Math.abs(EFFORTS.indexOf(row) - wanted);
  // Whoever wants thought gets some, and the least of it where nobody may be told to think none.
  const all = EFFORTS.filter((row) => known.has(row.effort));
  const fit = effort === 'none' ? all : all.filter((row) => row.effort !== 'none');
  return fit.toSorted((one, other) => distance(one) - distance(other))[0]?.effort;
}

const rowOf = (effort: Effort): EffortRow => EFFORTS.find((row) => row.effort === effort) as EffortRow;

/** How a target is told how much to think: in some of the words, thinking levels among them, or in tokens. */
export type ReasoningForm =
  | { readonly say: 'effort'; readonly words: readonly Effort[] }
  | ({ readonly say: 'budget' } & Omit<BudgetBounds, 'maxOutputTokens'>);

/** A request, and what its settings lost. */
export interface RestatedReasoning {
  readonly request: GenerationRequest;
  readonly losses: readonly Loss[];
}

/**
 * Says a request's reasoning in the form that its target understands: an effort in words it knows, or a budget within
 * its bounds and those of the answer. A budget says more than an effort beside it. Settings that fit, or that only say
 * that the model is to think, stay; then the request is the same object. Words that mean nothing here stay as well: who
 * made the target knows them better.
 */
export function restateReasoning(request: GenerationRequest, form: ReasoningForm): RestatedReasoning {
  const { reasoning } = request;
  const meant = reasoning === undefined ? undefined : meantBy(reasoning);
  if (reasoning === undefined || meant === undefined) return { request, losses: [] };
  const { mode: _mode, effort: _effort, budgetTokens: _budgetTokens, ...rest } = reasoning;
  const said = form.say === 'effort' ? asEffort(meant, form.words) : asBudget(meant, { ...form, ...boundOf(request) });
  if (isSame(reasoning, said)) return { request, losses: [] };
  const losses = lostIn(reasoning, said);
  if (Object.keys(said).length > 0 || Object.keys(rest).length > 0)
    return { request: { ...request, reasoning: { ...rest, ...said } }, losses };
  const { reasoning: _reasoning, ...without } = request;
  return { request: without, losses };
}

/** Whoever names a budget need not say that the model is to think. */
const isSame = (before: ReasoningSettings, said: ReasoningSettings): boolean =>
  before.effort === said.effort &&
  before.budgetTokens === said.budgetTokens &&
  (before.mode === said.mode || (before.mode === undefined && said.budgetTokens !== undefined));

const WHAT = { mode: 'way to think', effort: 'reasoning effort', budgetTokens: 'thinking budget' } as const;

function lostIn(before: ReasoningSettings, said: ReasoningSettings): readonly Loss[] {
  const silent = said.mode === 'disabled' || said.effort === 'none';
  // Silence is silence, in whatever words.
  if (silent) return [];
  const instead = Object.keys(said).length > 0 ? 'approximated' : 'dropped';
  const names = (['mode', 'effort', 'budgetTokens'] as const).filter((name) => {
    const isImplied = name === 'mode' && before.mode === 'enabled' && instead === 'approximated';
    return before[name] !== undefined && before[name] !== said[name] && !isImplied;
  });
  return names.map((name) => ({ path: `reasoning.${name}`, what: WHAT[name], instead }));
}

const boundOf = ({ maxOutputTokens }: GenerationRequest): Pick<BudgetBounds, 'maxOutputTokens'> =>
  maxOutputTokens === undefined ? {} : { maxOutputTokens };

/** What a caller wants: an effort, or a budget that says it better. */
interface Meant {
  readonly effort: Effort;
  readonly budgetTokens?: number;
}

function meantBy({ mode, effort, budgetTokens }: ReasoningSettings): Meant | undefined {
  if (mode === 'disabled') return { effort: 'none' };
  if (budgetTokens !== undefined) return { effort: effortOfBudget(budgetTokens), budgetTokens };
  const known = effort === undefined ? undefined : effortOfWord(effort);
  return known === undefined ? undefined : { effort: known };
}

function asEffort({ effort }: Meant, words: readonly Effort[]): ReasoningSettings {
  const nearest = nearestEffort(effort, words);
  return nearest === undefined ? {} : { effort: nearest };
}

function asBudget({ effort, budgetTokens }: Meant, bounds: BudgetBounds): ReasoningSettings {
  if (effort === 'none') return { mode: 'disabled' };
  const budget = budgetTokens === undefined ? budgetOfEffort(effort, bounds) : clampedBudget(budgetTokens, bounds);
  return budget === undefined ? {} : { mode: 'enabled', budgetTokens: budget };
}
