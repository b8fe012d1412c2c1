import type { Json, JsonObject } from '../../model/json.ts';
import type { ReasoningPart } from '../../model/part.ts';
import { arrayOf, objectOf, textOf, unknownMembers } from '../read.ts';
import { itemOf, withOwn } from './own-extras.ts';

// An item of thoughts has lists: what was thought (`content`) and what may be shown of it (`summary`). The model has
// one text. Where a list is just this text it is not kept; `content: []` says that the text stood there.

const KNOWN = new Set(['type', 'summary', 'content', 'encrypted_content']);

/** What stands between the texts of lists where they are one text. */
export const BETWEEN = '\n\n';

/** The texts of a list of thoughts; what is no text counts as an empty one. */
const texts = (list: readonly Json[]): readonly string[] => list.map((each) => textOf(objectOf(each)?.['text']) ?? '');

/** Reads an item of thoughts; `members` are those of the item that no list and no text says. */
export function decodeReasoning(
  wire: JsonObject,
  members: JsonObject = unknownMembers(wire, KNOWN) ?? {},
): ReasoningPart {
  const summary = arrayOf(wire['summary']);
  const content = arrayOf(wire['content']);
  const encrypted = textOf(wire['encrypted_content']);
  const text = [...texts(content), ...texts(summary)].filter((each) => each !== '').join(BETWEEN);
  const kept = listsToKeep(summary, content);
  const item = { ...members, ...kept };
  // Nothing to read at all, not even an empty text, is the mark of thoughts that are all encrypted.
  const redacted = summary.length + content.length === 0;
  return {
    type: 'reasoning',
    text,
    ...(encrypted !== undefined && (redacted ? { redacted: encrypted } : { signature: encrypted })),
    ...withOwn({ item }),
  };
}

function listsToKeep(summary: readonly Json[], content: readonly Json[]): JsonObject {
  if (content.length === 0) return summary.length === 0 || isPlain(summary, 'summary_text') ? {} : { summary };
  if (summary.length === 0) return { content: isPlain(content, 'reasoning_text') ? [] : content };
  return { summary, content };
}

/** True for a list of one text and nothing besides. */
const isPlain = (list: readonly Json[], type: string): boolean => {
  const only = list.length === 1 ? objectOf(list[0]) : undefined;
  return only?.['type'] === type && typeof only['text'] === 'string' && Object.keys(only).length === 2;
};

/** Whether the text of a part stands in `content`; else it is a summary. */
export const isContent = (part: ReasoningPart): boolean => Array.isArray(itemOf(part.extras)?.['content']);

/** Writes an item of thoughts. */
export function encodeReasoning(part: ReasoningPart): JsonObject {
  const { summary, content, ...members } = itemOf(part.extras) ?? {};
  const encrypted = part.redacted ?? part.signature;
  return {
    type: 'reasoning',
    summary: summary ?? (Array.isArray(content) ? [] : summaryOf(part)),
    ...(Array.isArray(content) && { content: contentOf(part, content) }),
    ...(encrypted !== undefined && { encrypted_content: encrypted }),
    ...members,
  };
}

const contentOf = (part: ReasoningPart, content: readonly Json[]): readonly Json[] =>
  content.length > 0 || part.text === '' ? content : [{ type: 'reasoning_text', text: part.text }];

/** An empty summary beside encrypted thoughts says that they are signed, and not all encrypted. */
const summaryOf = ({ text, redacted, signature }: ReasoningPart): readonly Json[] =>
  text === '' && (redacted !== undefined || signature === undefined) ? [] : [{ type: 'summary_text', text }];
