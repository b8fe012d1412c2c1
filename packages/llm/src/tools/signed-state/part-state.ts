import type { Extras, WireFormatId } from '../../model/extras.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part, ReasoningPart } from '../../model/part.ts';

/** Where in the extras of its format a part has state that is not content; the second name is a member of the first. */
type Place = readonly [member: string, inner?: string];

interface StateRule {
  /** Of any part of an answer. */
  readonly places: readonly Place[];
  /** Which thoughts must come back: `signed` ones with those around them, or `all`, where the text itself is wanted. */
  readonly thoughts: 'signed' | 'all';
}

/** What each format wants to see again. */
const RULES: Readonly<Record<WireFormatId, StateRule>> = {
  // `reasoning_content` is plain text; `extra_content` holds Gemini's signatures behind its OpenAI face.
  'openai-chat': { places: [['extra_content']], thoughts: 'all' },
  'anthropic-messages': { places: [], thoughts: 'signed' },
  // A reasoning item without its encrypted content is a pointer into a store that may not have it, and so are the ids
  // of other items. The phase is a word of the model to itself.
  'openai-responses': { places: [['item', 'phase']], thoughts: 'signed' },
  gemini: { places: [['thoughtSignature']], thoughts: 'signed' },
  'bedrock-converse': { places: [], thoughts: 'signed' },
  'ollama-chat': { places: [], thoughts: 'all' },
};

/** Opaque values of one part, by where they stand in its extras, e.g. `thoughtSignature` or `item.phase`. */
export type PartState = JsonObject;

/** Whether thoughts without a signature are worth keeping by themselves. */
export const keepsBareThoughts = (format: WireFormatId): boolean => RULES[format].thoughts === 'all';

/** The state in the extras of a part; `undefined` when there is none. */
export function stateIn(extras: Extras | undefined, format: WireFormatId): PartState | undefined {
  const own = extras?.[format];
  if (own === undefined) return undefined;
  const state = RULES[format].places.flatMap((place): [string, Json][] => {
    const value = place.reduce<Json | undefined>(memberOf, own);
    return value === undefined || value === null || value === '' ? [] : [[place.join('.'), value]];
  });
  return state.length > 0 ? Object.fromEntries(state) : undefined;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const memberOf = (value: Json | undefined, name: string | undefined): Json | undefined =>
  name !== undefined && isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The part with the values of `state` that it lacks; the same object when it lacks none. */
export function withState(part: Part, format: WireFormatId, state: PartState): Part {
  const present = stateIn(part.extras, format) ?? {};
  let own: JsonObject = part.extras?.[format] ?? {};
  let changed = false;
  for (const [member, inner] of RULES[format].places) {
    const name = inner === undefined ? member : `${member}.${inner}`;
    const value = state[name];
    if (value === undefined || Object.hasOwn(present, name)) continue;
    const before = own[member];
    own = { ...own, [member]: inner === undefined ? value : { ...(isObject(before) && before), [inner]: value } };
    changed = true;
  }
  return changed ? { ...part, extras: { ...part.extras, [format]: own } } : part;
}

/** Whether a thought carries something that only its provider can read. */
export const isSigned = (part: ReasoningPart, format: WireFormatId): boolean =>
  Boolean(part.signature) || part.redacted !== undefined || stateIn(part.extras, format) !== undefined;

/** A thought that the client sent, with what its provider says of it beside the thought; the same object if it has it. */
export function completedThought(part: ReasoningPart, own: ReasoningPart, format: WireFormatId): ReasoningPart {
  const members = own.extras?.[format];
  if (members === undefined || part.extras?.[format] !== undefined) return part;
  return { ...part, extras: { ...part.extras, [format]: members } };
}
