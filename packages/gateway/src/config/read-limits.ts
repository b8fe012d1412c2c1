import type { BudgetPeriod, CallerLimits } from '../identity/caller-limits.ts';
import type { Reader } from './readers.ts';

/** The operator's limits, besides those of single keys. */
export interface LimitRules {
  /** Of every key that has none of its own. */
  readonly key?: CallerLimits;
  /** Of every user, over all of their keys. */
  readonly user?: CallerLimits;
  /** By model as clients address it, over all callers. */
  readonly models: ReadonlyMap<string, CallerLimits>;
}

/** No limits at all. */
export const NO_LIMIT_RULES: LimitRules = { models: new Map() };

type Members = { -readonly [Name in keyof CallerLimits]: CallerLimits[Name] };

/** Reads one member's value into limits; false where it is none. */
type Member = (limits: Members, text: string) => boolean;

const PERIODS: readonly BudgetPeriod[] = ['day', 'week', 'month', 'never'];
const NANO_PER_USD = 1e9;

const count =
  (name: 'requestsPerMinute' | 'tokensPerMinute' | 'requestsPerDay' | 'tokensPerDay' | 'callsAtOnce'): Member =>
  (limits, text) => {
    limits[name] = Number(text);
    return /^[1-9]\d{0,14}$/.test(text);
  };
const money =
  (name: 'budgetNanoUsd' | 'softBudgetNanoUsd'): Member =>
  (limits, text) => {
    limits[name] = Math.round(Number(text) * NANO_PER_USD);
    return /^\d{1,6}(\.\d{1,9})?$/.test(text);
  };

/** Members of limits, under the names that keys have them by. */
const MEMBERS: Readonly<Record<string, Member>> = {
  requests_per_minute: count('requestsPerMinute'),
  tokens_per_minute: count('tokensPerMinute'),
  requests_per_day: count('requestsPerDay'),
  tokens_per_day: count('tokensPerDay'),
  calls_at_once: count('callsAtOnce'),
  budget_usd: money('budgetNanoUsd'),
  soft_budget_usd: money('softBudgetNanoUsd'),
  budget_period: (limits, text) => {
    limits.budgetPeriod = text as BudgetPeriod;
    return PERIODS.includes(limits.budgetPeriod);
  },
  unknown_price: (limits, text) => {
    limits.unknownPrice = text === 'refuse' ? 'refuse' : 'allow';
    return text === 'refuse' || text === 'allow';
  },
};
/** The log tells what keys spent, not what was spent on a name for a model. */
const OF_CALLERS_ALONE: ReadonlySet<string> = new Set([
  'budget_usd',
  'soft_budget_usd',
  'budget_period',
  'unknown_price',
]);

/** Limits as `key=requests_per_minute:60,user=budget_usd:5|budget_period:month,model/openai/gpt-5=tokens_per_day:9000`. */
export const limitRules: Reader<LimitRules> = (text) => {
  const models = new Map<string, CallerLimits>();
  const callers: { key?: CallerLimits; user?: CallerLimits } = {};
  for (const entry of text.split(',').map((each) => each.trim())) {
    if (entry === '') continue;
    const at = entry.indexOf('=');
    const whose = entry.slice(0, at).trim();
    const model = /^model\/(\S+)$/.exec(whose)?.[1];
    const limits = at < 0 ? undefined : readMembers(entry.slice(at + 1), model !== undefined);
    if (limits === undefined || (model === undefined && whose !== 'key' && whose !== 'user')) return wanted(entry);
    if (model !== undefined) models.set(model, limits);
    else callers[whose as 'key' | 'user'] = limits;
  }
  return { value: { ...callers, models } };
};

function readMembers(text: string, isOfModel: boolean): CallerLimits | undefined {
  const limits: Members = { budgetPeriod: 'never', unknownPrice: 'allow' };
  for (const member of text.split('|')) {
    const [name = '', value = ''] = member.split(':', 2).map((each) => each.trim());
    const read = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
    if (read === undefined || (isOfModel && OF_CALLERS_ALONE.has(name)) || !read(limits, value)) return undefined;
  }
  return limits;
}

const wanted = (entry: string): { readonly wanted: string } => ({
  wanted: `a comma list like key=requests_per_minute:60|budget_usd:5,model/openai/gpt-5=tokens_per_day:90000 of key, user and model/…; \`${entry}\` is not like it`,
});
