/** A setting of a request that changes how words are chosen, by its name in `GenerationRequest`. */
export type SamplingSetting =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'stopSequences'
  | 'candidateCount';

/** How a family is told how much to think, and whether it must be told at all. */
export interface FamilyThinking {
  /**
   * What it listens to, best first. `effort`: one of the vendor's words. `level`: one of Gemini's levels. `adaptive`:
   * thinking is switched on and the model decides. `budget`: a number of tokens. `switch`: on or off. Empty: nothing.
   */
  readonly by: readonly ('effort' | 'level' | 'adaptive' | 'budget' | 'switch')[];
  /** Accepted words for `effort` or `level`, from least to most; others are refused. Default: not known. */
  readonly efforts?: readonly string[];
  /** Bounds of a budget, in tokens. */
  readonly budgetTokens?: { readonly min: number; readonly max?: number };
  /** Whether it thinks when the request says nothing. */
  readonly isDefault: boolean;
  /** Whether it can be told not to think. */
  readonly canBeOff: boolean;
}

/** What a family of models demands, whoever hosts it. An absent member means: nothing out of the ordinary. */
export interface FamilyFacts {
  /** Settings that are refused, or taken without effect. */
  readonly refuses?: readonly SamplingSetting[];
  /** When they are: at all times (the default), or only while it thinks. */
  readonly refusesWhile?: 'thinking';
  /** Name of the output bound in OpenAI Chat Completions, where the other name is refused. */
  readonly maxTokensField?: 'max_completion_tokens';
  readonly thinking?: FamilyThinking;
  /** What becomes of instructions: `developer` is their role, or there is no such role and they precede the question. */
  readonly instructions?: 'developer' | 'none';
  /** When a tool may not be forced (`toolChoice` other than auto and none). */
  readonly refusesForcedTools?: 'always' | 'while-thinking';
  /** When function tools are refused in OpenAI Chat Completions: with any effort named, or unless it is `none`. */
  readonly refusesChatTools?: 'with-effort' | 'unless-effort-none';
  /** Whether a last message of the assistant, to be continued, is refused. */
  readonly refusesPrefill?: true;
  /** Whether its reasoning must go back with the tool calls that followed it. */
  readonly wantsReasoningBack?: true;
  /** Whether schemas must stand without references (`$ref`, `$defs`) to be followed reliably. */
  readonly wantsInlineSchemas?: true;
  /** Whether Anthropic's formats can hold its answers to a schema. */
  readonly answersBySchema?: true;
}

/** A line of models that share facts. */
export interface Family {
  readonly id: string;
  /** Matches the comparable name of a model, see `comparableModel`. */
  readonly names: RegExp;
  readonly facts: FamilyFacts;
  /** The vendor's page that says so. */
  readonly source: string;
}

const PENALTIES = ['presencePenalty', 'frequencyPenalty'] as const;

const LOW_TO_HIGH = ['low', 'medium', 'high'] as const;
const MINIMAL_TO_HIGH = ['minimal', ...LOW_TO_HIGH] as const;
const NONE_TO_HIGH = ['none', ...LOW_TO_HIGH] as const;
const LOW_TO_XHIGH = [...LOW_TO_HIGH, 'xhigh'] as const;
const NONE_TO_XHIGH = ['none', ...LOW_TO_XHIGH] as const;
const LOW_TO_MAX = [...LOW_TO_XHIGH, 'max'] as const;
const LOW_HIGH_MAX = ['low', 'high', 'max'] as const;

const HARMONY = 'https://cookbook.openai.com/articles/openai-harmony';
const OPENAI_REASONING = 'https://platform.openai.com/docs/guides/reasoning';
const OPENAI_LATEST = 'https://developers.openai.com/api/docs/guides/latest-model';
const CLAUDE_MIGRATION = 'https://platform.claude.com/docs/en/about-claude/models/migration-guide';
const CLAUDE_ADAPTIVE = 'https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking';
const CLAUDE_SCHEMAS = 'https://platform.claude.com/docs/en/build-with-claude/structured-outputs';
const CLAUDE_BUDGET = 'https://platform.claude.com/docs/en/build-with-claude/extended-thinking';
const GEMINI_THINKING = 'https://ai.google.dev/gemini-api/docs/thinking';
const GROK_REASONING = 'https://docs.x.ai/docs/guides/reasoning';
const GLM_THINKING = 'https://docs.z.ai/guides/capabilities/thinking-mode';
const KIMI_PARAMETERS = 'https://platform.kimi.ai/docs/api/models-overview';
const MISTRAL_REASONING = 'https://docs.mistral.ai/capabilities/reasoning';
const QWEN_THINKING = 'https://www.alibabacloud.com/help/en/model-studio/deep-thinking';
const QWEN_TOOLS = 'https://qwen.readthedocs.io/en/latest/framework/function_call.html';

type When = Pick<FamilyThinking, 'isDefault' | 'canBeOff'>;
const always: When = { isDefault: true, canBeOff: false };
const onByDefault: When = { isDefault: true, canBeOff: true };
const onRequest: When = { isDefault: false, canBeOff: true };

/** Claude up to 4.6 takes settings of sampling until it thinks; `topP` it takes within bounds even then. */
const CLAUDE_WHILE_THINKING: FamilyFacts = { refuses: ['temperature', 'topK'], refusesWhile: 'thinking' };

const family = (id: string, names: RegExp, source: string, facts: FamilyFacts): Family => ({
  id,
  names,
  source,
  facts,
});

const thinks = (thinking: FamilyThinking): FamilyFacts => ({ thinking });

const budgeted = (min: number, max: number, when: When): FamilyFacts =>
  thinks({ by: ['budget'], budgetTokens: { min, max }, ...when });

const levelled = (efforts: readonly string[]): FamilyFacts => thinks({ by: ['level'], efforts, ...always });

/** OpenAI's reasoning models; those that can do without thinking take all settings while they do. */
const openAi = (thinking: Omit<FamilyThinking, 'by'>): FamilyFacts => ({
  refuses: ['temperature', 'topP', ...PENALTIES, 'stopSequences'],
  ...(thinking.canBeOff ? { refusesWhile: 'thinking' as const } : {}),
  maxTokensField: 'max_completion_tokens',
  instructions: 'developer',
  thinking: { by: ['effort'], ...thinking },
});

/** Claude from Opus 4.7 on: no settings of sampling, no budgets, no answers begun by the caller. */
const adaptiveClaude = (when: When): FamilyFacts => ({
  refuses: ['temperature', 'topP', 'topK'],
  refusesPrefill: true,
  answersBySchema: true,
  ...(when.canBeOff ? {} : { refusesForcedTools: 'always' as const }),
  thinking: { by: ['adaptive', 'effort'], efforts: LOW_TO_MAX, ...when },
});

const grok = (thinking: FamilyThinking): FamilyFacts => ({ refuses: [...PENALTIES, 'stopSequences'], thinking });

const kimi = (thinking: FamilyThinking): FamilyFacts => ({
  refuses: ['temperature', 'topP', ...PENALTIES, 'candidateCount'],
  wantsReasoningBack: true,
  thinking,
});

const qwen = (thinking: FamilyThinking): FamilyFacts => ({ wantsInlineSchemas: true, thinking });

/**
 * All families. The first whose pattern matches counts, so the special stands before the general. A name that matches
 * none has no facts out of the ordinary.
 */
export const FAMILIES: readonly Family[] = [
  family('gpt-oss', /^gpt-oss/, HARMONY, { thinking: { by: ['effort'], efforts: LOW_TO_HIGH, ...always } }),
  family('openai-o', /^o[134](-|$)/, OPENAI_REASONING, openAi({ efforts: LOW_TO_HIGH, ...always })),
  family('gpt-5-chat', /^gpt-5-chat/, OPENAI_LATEST, {}),
  family('gpt-5.x-chat', /^gpt-5\.\d-chat/, OPENAI_LATEST, openAi({ efforts: ['medium'], ...always })),
  family('gpt-5-pro', /^gpt-5-pro/, OPENAI_REASONING, openAi({ efforts: ['high'], ...always })),
  family('gpt-5.x-pro', /^gpt-5\.\d-pro/, OPENAI_LATEST, openAi({ efforts: ['medium', 'high', 'xhigh'], ...always })),
  family('gpt-5.1-codex', /^gpt-5\.1-codex/, OPENAI_REASONING, openAi(always)),
  family('gpt-5', /^gpt-5(-|$)/, OPENAI_REASONING, openAi({ efforts: MINIMAL_TO_HIGH, ...always })),
  family('gpt-5.1', /^gpt-5\.1/, OPENAI_LATEST, openAi({ efforts: ['none', ...LOW_TO_HIGH], ...onRequest })),
  family('gpt-5.2-5.4', /^gpt-5\.[234]/, OPENAI_LATEST, {
    ...openAi({ efforts: NONE_TO_XHIGH, ...onRequest }),
    refusesChatTools: 'with-effort',
  }),
  family('gpt-5.5', /^gpt-5\.5/, OPENAI_LATEST, openAi({ efforts: NONE_TO_XHIGH, ...onByDefault })),
  family('gpt-6-astra', /^gpt-6-astra/, OPENAI_LATEST, openAi({ efforts: LOW_TO_MAX, ...always })),
  family('gpt-5.6-6', /^gpt-(5\.6|6)/, OPENAI_LATEST, {
    ...openAi({ efforts: ['none', ...LOW_TO_MAX], ...onByDefault }),
    refusesChatTools: 'unless-effort-none',
  }),

  family('claude-always', /^claude-(fable|mythos|opus-5[.-]5)/, CLAUDE_MIGRATION, adaptiveClaude(always)),
  family('claude-5', /^claude-[a-z]+-5/, CLAUDE_MIGRATION, adaptiveClaude(onByDefault)),
  family('claude-4.7-4.8', /^claude-[a-z]+-4[.-][78]/, CLAUDE_MIGRATION, adaptiveClaude(onRequest)),
  family('claude-4.6', /^claude-[a-z]+-4[.-]6/, CLAUDE_ADAPTIVE, {
    ...CLAUDE_WHILE_THINKING,
    refusesPrefill: true,
    answersBySchema: true,
    thinking: {
      by: ['adaptive', 'effort', 'budget'],
      efforts: [...LOW_TO_HIGH, 'max'],
      budgetTokens: { min: 1024 },
      ...onRequest,
    },
  }),
  family('claude-opus-4.5', /^claude-opus-4[.-]5/, CLAUDE_BUDGET, {
    ...CLAUDE_WHILE_THINKING,
    answersBySchema: true,
    refusesForcedTools: 'while-thinking',
    thinking: { by: ['budget', 'effort'], efforts: LOW_TO_HIGH, budgetTokens: { min: 1024 }, ...onRequest },
  }),
  family('claude-4.5', /^claude-((sonnet|haiku)-4[.-]5|opus-4[.-]1)/, CLAUDE_SCHEMAS, {
    ...CLAUDE_WHILE_THINKING,
    refusesForcedTools: 'while-thinking',
    answersBySchema: true,
    thinking: { by: ['budget'], budgetTokens: { min: 1024 }, ...onRequest },
  }),
  family('claude-budget', /^claude-(sonnet-3[.-]7|[a-z]+-4)/, CLAUDE_BUDGET, {
    ...CLAUDE_WHILE_THINKING,
    refusesForcedTools: 'while-thinking',
    thinking: { by: ['budget'], budgetTokens: { min: 1024 }, ...onRequest },
  }),

  family('gemini-2.5-pro', /^gemini-2\.5-pro(?!.*tts)/, GEMINI_THINKING, budgeted(128, 32_768, always)),
  family(
    'gemini-2.5-flash-lite',
    /^gemini-2\.5-flash-lite(?!.*tts)/,
    GEMINI_THINKING,
    budgeted(512, 24_576, onRequest),
  ),
  family('gemini-2.5-flash', /^gemini-2\.5-flash(?!.*(tts|image))/, GEMINI_THINKING, budgeted(0, 24_576, onByDefault)),
  family('gemini-3-pro', /^gemini-3-pro(?!-image)/, GEMINI_THINKING, levelled(['low', 'high'])),
  family('gemini-3.x', /^gemini-3\.(\d-pro|[78]-flash)(?!-image)/, GEMINI_THINKING, levelled(LOW_TO_HIGH)),
  family('gemini-3-flash', /^gemini-3(\.\d)?-flash(?!.*(image|tts))/, GEMINI_THINKING, levelled(MINIMAL_TO_HIGH)),
  family('gemini-latest', /^gemini-.*-latest/, GEMINI_THINKING, thinks({ by: ['level'], ...always })),
  family('gemma', /^gemma-?[123](\D|$)/, 'https://ai.google.dev/gemma/docs/core/prompt-structure', {
    instructions: 'none',
  }),

  family('deepseek-r1', /^deepseek-(r1|reasoner)/, 'https://api-docs.deepseek.com/guides/reasoning_model', {
    refuses: ['temperature', 'topP', ...PENALTIES],
    thinking: { by: [], ...always },
  }),
  family('deepseek-v4', /^deepseek-(v4|flash)/, 'https://api-docs.deepseek.com/guides/thinking_mode', {
    refuses: ['temperature', ...PENALTIES],
    refusesWhile: 'thinking',
    wantsReasoningBack: true,
    thinking: { by: ['effort', 'switch'], efforts: LOW_HIGH_MAX, ...onByDefault },
  }),

  family('kimi-k3', /^kimi-k3/, KIMI_PARAMETERS, kimi({ by: ['effort'], efforts: LOW_HIGH_MAX, ...always })),
  family('kimi-k2.7', /^kimi-k2\.7/, KIMI_PARAMETERS, kimi({ by: [], ...always })),
  family('kimi-k2.5-2.6', /^kimi-k2\.[56]/, KIMI_PARAMETERS, kimi({ by: ['switch'], ...onByDefault })),
  family('kimi-k2-thinking', /^kimi-k2-thinking/, KIMI_PARAMETERS, {
    wantsReasoningBack: true,
    thinking: { by: [], ...always },
  }),

  family('glm-5.3', /^(zai-)?glm-5[.-]3/, GLM_THINKING, thinks({ by: ['effort'], efforts: LOW_HIGH_MAX, ...always })),
  family('glm-5.2', /^(zai-)?glm-5[.-]2/, GLM_THINKING, thinks({ by: ['effort', 'switch'], ...onByDefault })),
  family('glm-4.5-5.1', /^(zai-)?glm-(4\.[5-7]|5)/, GLM_THINKING, thinks({ by: ['switch'], ...onByDefault })),

  family('grok-3-mini', /^grok-3-mini/, GROK_REASONING, grok({ by: ['effort'], efforts: ['low', 'high'], ...always })),
  family('grok-4.3', /^grok-4\.3/, GROK_REASONING, grok({ by: ['effort'], efforts: NONE_TO_HIGH, ...onByDefault })),
  family('grok-4.5', /^grok-4\.5/, GROK_REASONING, grok({ by: ['effort'], efforts: LOW_TO_HIGH, ...always })),
  family('grok-4.6-4.7', /^grok-4\.[67]/, GROK_REASONING, grok({ by: ['effort'], efforts: LOW_TO_XHIGH, ...always })),
  family(
    'grok-4',
    /^grok-(4(?!.*non-reasoning|.*multi-agent)|code|build)/,
    GROK_REASONING,
    grok({ by: [], ...always }),
  ),

  family('magistral', /^magistral/, MISTRAL_REASONING, thinks({ by: [], ...always })),
  family(
    'mistral-adjustable',
    /^mistral-(small-(2603|latest)|medium-(2604|latest|3[.-]5))/,
    MISTRAL_REASONING,
    thinks({ by: ['effort'], efforts: ['none', 'high'], ...onRequest }),
  ),

  family('qwen-thinking', /^(qwen-?3.*-thinking|qwq|qvq)/, QWEN_THINKING, qwen({ by: ['budget'], ...always })),
  family('qwen-instruct', /^qwen-?3.*(instruct|coder)/, QWEN_TOOLS, { wantsInlineSchemas: true }),
  family(
    'qwen3.8',
    /^qwen-?3\.8/,
    QWEN_THINKING,
    qwen({ by: ['effort', 'switch', 'budget'], efforts: ['low', 'medium', 'xhigh'], ...onByDefault }),
  ),
  family('qwen3.5-3.7', /^qwen-?3\.[567]/, QWEN_THINKING, qwen({ by: ['switch', 'budget'], ...onByDefault })),
  family('qwen3-commercial', /^qwen(3-(max|vl|omni)|-(plus|flash|turbo))(?!.*(realtime|character))/, QWEN_THINKING, {
    ...qwen({ by: ['switch', 'budget'], ...onRequest }),
  }),
  family('qwen3-open', /^qwen-?3-(next-)?\d+b/, QWEN_THINKING, qwen({ by: ['switch', 'budget'], ...onByDefault })),
  family('llama', /^(meta-)?llama-?v?[34]/, 'https://www.llama.com/docs/model-cards-and-prompt-formats/', {
    wantsInlineSchemas: true,
  }),
];

/**
 * A model's name as families know it: in lower case, without addresses, vendors, regions and tags, with points where
 * hosts cannot write them and with Claude's version last. `us.anthropic.claude-opus-4-7-v1:0` becomes
 * `claude-opus-4-7-v1`, `accounts/fireworks/models/kimi-k2p6` becomes `kimi-k2.6`.
 */
export function comparableModel(model: string): string {
  return model
    .toLowerCase()
    .replace(/^ft:/, '')
    .replace(/^.*\//, '')
    .replace(/:.*$/, '')
    .replace(/^(?:[a-z-]+\.)+(?=[a-z])/, '')
    .replace(/(\d)p(\d)/, '$1.$2')
    .replace(/^claude-(\d(?:[.-]\d)?)-([a-z]+)/, 'claude-$2-$1');
}

/** Families by the names of models that were asked for; bounded, because callers choose them. */
const knownModels = new Map<string, Family | undefined>();
const KNOWN_MODELS_MAX = 1000;
const KNOWN_LENGTH_MAX = 200;

/** The family of a model, whoever hosts it; `undefined` for a line of models that needs nothing out of the ordinary. */
export function familyOf(model: string): Family | undefined {
  const known = knownModels.get(model);
  if (known !== undefined || knownModels.has(model)) return known;
  const name = comparableModel(model);
  const family = FAMILIES.find(({ names }) => names.test(name));
  if (knownModels.size >= KNOWN_MODELS_MAX) knownModels.clear();
  if (model.length <= KNOWN_LENGTH_MAX) knownModels.set(model, family);
  return family;
}
