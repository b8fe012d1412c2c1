import type { WireFormatId } from '../../model/extras.ts';
import { familyOf, type FamilyFacts } from '../../providers/families.ts';
import type { Speaks } from '../../providers/define-provider.ts';
import type { ConversationRules } from '../../tools/repair-conversation.ts';
import { isBudgetModel } from '../../wire/gemini/dialect.ts';

/** How an answer is held to a schema. See `structured-output.ts`. */
export type SchemaWay = 'native' | 'forced-tool' | 'json-mode';

/** What one target takes of a conversation, and how it wants to be told the rest. */
export interface TargetRules {
  /** Results of tools are text alone. */
  readonly textResults: boolean;
  /** Instructions are taken only at the start. */
  readonly leadingSystem: boolean;
  /** What it refuses of a conversation. */
  readonly conversation: ConversationRules;
  /** Whether schemas of tools are always put in plain words: no references, nothing to merge. */
  readonly plainSchemas: boolean;
  readonly answerSchema: SchemaWay;
  /** Whether an answer can be asked to be JSON of any shape. */
  readonly jsonMode: boolean;
}

/** Where a request goes: a format, its dialect, and the model's name there. */
export interface FitTarget {
  readonly speaks: Speaks;
  readonly model: string;
}

/** A target with all that is known of it. */
export interface KnownTarget {
  readonly format: WireFormatId;
  readonly model: string;
  readonly facts: FamilyFacts;
  readonly rules: TargetRules;
  /** Output bound that the format's codec writes where the caller named none, in tokens; absent where none is needed. */
  readonly defaultMaxTokens?: number;
  /** Google's older form of schemas, which has words of its own. */
  readonly olderSchemas: boolean;
  /** A model that is told how much to think in tokens, where its family does not say it. */
  readonly byBudget: boolean;
}

const TAKES_ALL: TargetRules = {
  textResults: false,
  leadingSystem: false,
  conversation: {},
  plainSchemas: false,
  answerSchema: 'native',
  jsonMode: true,
};

/** Servers of Anthropic's models: instructions in front, someone else's turn after each, no text of white space alone. */
const CLAUDE: TargetRules = {
  ...TAKES_ALL,
  leadingSystem: true,
  conversation: { refusesBlankText: true, refusesSameRole: true },
  answerSchema: 'forced-tool',
  jsonMode: false,
};

/** What each format takes; models and dialects change it, see `knownTarget`. */
const RULES: Readonly<Record<WireFormatId, TargetRules>> = {
  'openai-chat': { ...TAKES_ALL, textResults: true },
  'openai-responses': TAKES_ALL,
  'anthropic-messages': CLAUDE,
  'bedrock-converse': CLAUDE,
  // Where calls have no ids, Gemini tells results apart by their order.
  gemini: { ...TAKES_ALL, leadingSystem: true, conversation: { resultsInCallOrder: true }, plainSchemas: true },
  'ollama-chat': { ...TAKES_ALL, conversation: { resultsInCallOrder: true }, plainSchemas: true },
};

/** Anthropic's codec writes this bound where neither caller nor dialect names one, in tokens. */
const CLAUDE_MAX_TOKENS = 8192;

/** All that is known of a target: its format's row, as its dialect and its family of models change it. */
export function knownTarget({ speaks, model }: FitTarget): KnownTarget {
  const { format } = speaks;
  const facts = familyOf(model)?.facts ?? {};
  const known = { format, model, facts, olderSchemas: false, byBudget: false };
  const own = RULES[format];
  const plainSchemas = own.plainSchemas || facts.wantsInlineSchemas === true;
  const answerSchema = facts.answersBySchema === true ? 'native' : own.answerSchema;
  const rules: TargetRules = { ...own, plainSchemas, answerSchema };
  switch (speaks.format) {
    case 'openai-chat':
      return {
        ...known,
        rules: speaks.dialect?.jsonSchema === false ? { ...rules, answerSchema: 'json-mode' } : rules,
      };
    case 'anthropic-messages': {
      const defaultMaxTokens = speaks.dialect?.defaultMaxTokens ?? CLAUDE_MAX_TOKENS;
      return { ...known, rules, defaultMaxTokens, byBudget: true };
    }
    case 'bedrock-converse':
      // Amazon forces tools only on these two vendors' models, and holds many others to schemas.
      return { ...known, rules: /\b(?:anthropic|amazon)\./.test(model) ? rules : { ...rules, answerSchema: 'native' } };
    case 'gemini': {
      const dialect = speaks.dialect ?? {};
      const byBudget = isBudgetModel(model, dialect);
      // Models from before thinking levels take neither media in results nor a schema of the answer beside functions.
      const older: Partial<TargetRules> = byBudget ? { textResults: true } : {};
      return { ...known, rules: { ...rules, ...older }, byBudget, olderSchemas: dialect.jsonSchema === false };
    }
    default:
      return { ...known, rules };
  }
}
