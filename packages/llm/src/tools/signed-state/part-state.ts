import type { WireFormatId } from '../../model/extras.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part, ReasoningPart } from '../../model/part.ts';

interface StateRule {
  /** Members of `extras` that are state and not content, whatever part they hang on. */
  readonly members: readonly string[];
  /** Which thoughts must come back: `signed` ones with those around them, or `all`, where the text itself is wanted. */
  readonly thoughts: 'signed' | 'all';
}

/** What each format wants to see again. */
const RULES: Readonly<Record<WireFormatId, StateRule>> = {
  // `reasoning_content` is plain text; `extra_content` holds Gemini's signatures behind its OpenAI face.
  'openai-chat': { members: ['extra_content'], thoughts: 'all' },
  'anthropic-messages': { members: [], thoughts: 'signed' },
  // A reasoning item without its encrypted content is a pointer into a store that may not have it.
  'openai-responses': { members: ['encrypted_content', 'phase'], thoughts: 'signed' },
  gemini: { members: ['thoughtSignature'], thoughts: 'signed' },
  'bedrock-converse': { members: [], thoughts: 'signed' },
  'ollama-chat': { members: [], thoughts: 'all' },
};

/** Whether thoughts without a signature are worth keeping by themselves. */
export const keepsBareThoughts = (format: WireFormatId): boolean => RULES[format].thoughts === 'all';

/** The opaque members of one part of an answer in `format`; `undefined` when it has none. */
export function stateIn(members: JsonObject | undefined, format: WireFormatId): JsonObject | undefined {
  if (members === undefined) return undefined;
  const kept = RULES[format].members.flatMap((name): [string, Json][] => {
    const value = Object.hasOwn(members, name) ? members[name] : undefined;
    return value === undefined || value === null || value === '' ? [] : [[name, value]];
  });
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Whether a thought carries something that only `format`'s provider can read. */
export const isSigned = (part: ReasoningPart, format: WireFormatId): boolean =>
  Boolean(part.signature) || part.redacted !== undefined || stateIn(part.extras?.[format], format) !== undefined;

/** The part with the members of `state` that it lacks; the same object when it lacks none. */
export function withState(part: Part, format: WireFormatId, state: JsonObject): Part {
  const own = part.extras?.[format];
  const present = stateIn(own, format) ?? {};
  const missing = Object.entries(state).filter(([name]) => !Object.hasOwn(present, name));
  if (missing.length === 0) return part;
  return { ...part, extras: { ...part.extras, [format]: { ...own, ...Object.fromEntries(missing) } } };
}
