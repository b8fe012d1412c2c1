import type { GenerationRequest, ReasoningSettings } from '../../model/request.ts';
import { EFFORTS, restateReasoning, type Effort, type ReasoningForm } from '../../tools/reasoning-effort.ts';
import type { Loss } from '../../wire/codec.ts';
import type { Step } from './fit-request.ts';
import type { KnownTarget } from './fit-target.ts';

/** Says in the words of the target how much the model is to think, as far as tools leave it free to. */
export function fitReasoning(request: GenerationRequest, target: KnownTarget): Step {
  const { reasoning } = request;
  const isOwn = reasoning?.extras?.[target.format] !== undefined;
  const said = reasoning === undefined || isOwn ? { request, losses: [] } : restated(request, reasoning, target);
  const free = besideTools(said.request, target);
  return { request: free.request, losses: [...said.losses, ...free.losses] };
}

/** Words that servers understand whose models are not known. */
const COMMON: readonly Effort[] = ['low', 'medium', 'high'];

const known = (words: readonly string[] | undefined): readonly Effort[] =>
  EFFORTS.map(({ effort }) => effort).filter((effort) => words?.includes(effort) === true);

function restated(request: GenerationRequest, reasoning: ReasoningSettings, target: KnownTarget): Step {
  const { thinking } = target.facts;
  switch (target.format) {
    case 'openai-chat':
    case 'openai-responses':
      return thinking?.efforts === undefined
        ? inCommonWords(request, reasoning)
        : asSaid(request, { say: 'effort', words: known(thinking.efforts) });
    case 'anthropic-messages':
      return thinking?.by.includes('adaptive') === true
        ? adaptively(request, reasoning, target)
        : inTokens(request, target, { say: 'budget', budgetTokensMin: 1024 });
    case 'gemini':
      return forGemini(request, reasoning, target);
    default:
      // Their codecs know the words of each vendor that is served in these formats.
      return { request, losses: [] };
  }
}

const asSaid = (request: GenerationRequest, form: ReasoningForm): Step => restateReasoning(request, form);

/** Where nobody knows what the model takes: the caller's own word, or a common one for a budget. */
function inCommonWords(request: GenerationRequest, reasoning: ReasoningSettings): Step {
  if (reasoning.mode === 'disabled' || (reasoning.effort === 'none' && reasoning.budgetTokens === undefined)) {
    // Most models refuse an explicit "no effort": leaving it out is the nearest thing that always works.
    const { reasoning: _, ...rest } = request;
    const path = reasoning.mode === undefined ? 'reasoning.effort' : 'reasoning.mode';
    return { request: rest, losses: [{ path, what: 'thinking switched off', instead: 'approximated' }] };
  }
  if (reasoning.effort === undefined) return asSaid(request, { say: 'effort', words: COMMON });
  const { mode: _mode, budgetTokens, ...rest } = reasoning;
  const losses: readonly Loss[] =
    budgetTokens === undefined
      ? []
      : [{ path: 'reasoning.budgetTokens', what: 'thinking budget', instead: 'approximated' }];
  return { request: { ...request, reasoning: rest }, losses };
}

/** Claude that decides by itself takes an effort beside `adaptive`, and off only where it can be off. */
function adaptively(request: GenerationRequest, reasoning: ReasoningSettings, { facts }: KnownTarget): Step {
  const silent = reasoning.mode === 'disabled' || (reasoning.mode === undefined && reasoning.effort === 'none');
  const words = known(facts.thinking?.efforts);
  if (silent && facts.thinking?.canBeOff === true)
    return { request: { ...request, reasoning: without(reasoning, { mode: 'disabled' }) }, losses: [] };
  const made = asSaid(request, { say: 'effort', words });
  const effort = made.request.reasoning?.effort;
  if (effort === undefined && reasoning.mode === undefined) return made;
  const settings = without(reasoning, { mode: 'adaptive', ...(effort !== undefined && { effort }) });
  return { request: { ...made.request, reasoning: settings }, losses: made.losses };
}

const without = (
  { mode: _mode, effort: _effort, budgetTokens: _budgetTokens, ...rest }: ReasoningSettings,
  said: ReasoningSettings,
): ReasoningSettings => ({ ...rest, ...said });

/** Of an answer that the caller bounded, thinking for an effort may take this part at most. */
const THOUGHT_SHARE = 0.8;
/** Thought and answer together where the caller set no bound: what every Claude with budgets can write, in tokens. */
const WHOLE_MAX_TOKENS = 32_000;

/** A budget within what the answer leaves; where the caller set no bound, the answer keeps its usual room beside it. */
function inTokens(
  request: GenerationRequest,
  { facts, defaultMaxTokens = 0 }: KnownTarget,
  form: ReasoningForm & { say: 'budget' },
): Step {
  const { maxOutputTokens, reasoning } = request;
  const min = facts.thinking?.budgetTokens?.min ?? form.budgetTokensMin ?? 1;
  if (maxOutputTokens !== undefined) {
    const isNamed = reasoning?.budgetTokens !== undefined;
    const most = isNamed ? {} : { budgetTokensMax: Math.floor(maxOutputTokens * THOUGHT_SHARE) };
    return asSaid(request, { ...form, budgetTokensMin: min, ...most });
  }
  const budgetTokensMax = WHOLE_MAX_TOKENS - defaultMaxTokens;
  const made = asSaid(request, { ...form, budgetTokensMin: min, budgetTokensMax });
  const budget = made.request.reasoning?.budgetTokens;
  if (budget === undefined) return made;
  return { request: { ...made.request, maxOutputTokens: budget + defaultMaxTokens }, losses: made.losses };
}

/** Levels for newer models, budgets for older ones; who switched thinking on in other words wants to see it. */
function forGemini(
  request: GenerationRequest,
  reasoning: ReasoningSettings,
  { facts: { thinking }, byBudget }: KnownTarget,
): Step {
  if (byBudget || thinking?.by.includes('budget') === true) {
    const { min = 1, max = 24_576 } = thinking?.budgetTokens ?? {};
    const bounds = { budgetTokensMin: Math.max(1, min), budgetTokensMax: max };
    if (thinking === undefined || thinking.canBeOff) return asSaid(request, { say: 'budget', ...bounds });
    return asSaid(awake(request, reasoning), { say: 'budget', ...bounds });
  }
  const words = thinking?.efforts === undefined ? COMMON : known(thinking.efforts);
  const made = asSaid(request, { say: 'effort', words });
  const isShown = reasoning.mode === 'enabled' || reasoning.mode === 'adaptive' || reasoning.budgetTokens !== undefined;
  const settings = made.request.reasoning;
  if (!isShown || settings === undefined) return made;
  return { request: { ...made.request, reasoning: { ...settings, mode: 'enabled' } }, losses: made.losses };
}

/** A model that always thinks is told to think the least it can. */
function awake(request: GenerationRequest, reasoning: ReasoningSettings): GenerationRequest {
  const isSilent = reasoning.mode === 'disabled' || reasoning.effort === 'none';
  return isSilent ? { ...request, reasoning: without(reasoning, { effort: 'minimal' }) } : request;
}

/** What thinking and tools refuse of each other. */
function besideTools(request: GenerationRequest, target: KnownTarget): Step {
  const { facts, format } = target;
  const { reasoning, toolChoice, tools = [] } = request;
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tool';
  const refuses =
    facts.refusesForcedTools ?? (isClaude(format) && facts.thinking === undefined ? 'while-thinking' : '');
  if (isForced && refuses === 'always')
    return {
      request: { ...request, toolChoice: { type: 'auto' } },
      losses: [{ path: 'toolChoice', what: 'a forced tool, which the model refuses', instead: 'approximated' }],
    };
  if (isForced && refuses === 'while-thinking' && reasoning !== undefined && reasoning.mode !== 'disabled')
    return unthinking(request, 'thought before a forced tool');
  if (format !== 'openai-chat' || tools.every(({ type }) => type !== 'function')) return { request, losses: [] };
  if (facts.refusesChatTools === 'with-effort' && reasoning?.effort !== undefined)
    return unthinking(request, 'effort beside tools, which Chat Completions refuses');
  if (facts.refusesChatTools !== 'unless-effort-none' || reasoning?.effort === 'none') return { request, losses: [] };
  const path = 'reasoning.effort';
  return {
    request: { ...request, reasoning: without(reasoning ?? {}, { effort: 'none' }) },
    losses: [{ path, what: 'thought beside tools, which Chat Completions refuses', instead: 'dropped' }],
  };
}

const isClaude = (format: KnownTarget['format']): boolean => format === 'anthropic-messages';

function unthinking(request: GenerationRequest, what: string): Step {
  const { reasoning: _, ...rest } = request;
  return { request: rest, losses: [{ path: 'reasoning', what, instead: 'dropped' }] };
}
