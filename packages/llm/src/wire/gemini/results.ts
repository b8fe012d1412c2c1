import type { Json, JsonObject } from '../../model/json.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import type { Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { arrayOf, compact, isObject, joined, objectOf, parseJson, textOf, unknownMembers } from '../read.ts';
import { decodePart, encodePart } from './parts.ts';

/** What a tool said: its texts, and whether it failed. */
interface Said {
  readonly texts: readonly string[];
  readonly isError: boolean;
}

/**
 * Gemini wants an object of every tool, and reads `output` and `error` in it by their names. These two hold our texts;
 * any other object is a text of its own, the JSON of it.
 */
function decodeSaid(response: JsonObject): Said {
  const names = Object.keys(response);
  const { output, error } = response;
  // Beside other members an empty error is none; alone it is one without words.
  const isError = error === '' ? names.length === 1 : error !== undefined && error !== null && error !== false;
  if (names.length === 0 || (isError && error === '')) return { texts: [], isError };
  const texts = names.length === 1 ? textsOf(isError ? error : output) : undefined;
  return { texts: texts ?? [JSON.stringify(response)], isError };
}

/** A text, or a list of at least two. */
function textsOf(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  const list = arrayOf(value);
  return list.length > 1 && list.every((each) => typeof each === 'string') ? list : undefined;
}

function encodeSaid({ texts, isError }: Said): JsonObject {
  const [first = '', ...more] = texts;
  if (texts.length === 0 && !isError) return {};
  if (more.length > 0) return isError ? { error: texts } : { output: texts };
  const object = first.startsWith('{') ? parseJson(first) : undefined;
  // A text that is the JSON of an object goes as that object, if reading it gives back this very text.
  if (isObject(object)) {
    const again = decodeSaid(object);
    if (again.isError === isError && again.texts.length === 1 && again.texts[0] === first) return object;
  }
  return isError ? { error: first } : { output: first };
}

const RESULT = new Set(['id', 'name', 'response', 'parts']);
const OUTER = new Set(['functionResponse']);
const noId = (): string => '';

/** Reads a part with a `functionResponse` for the call `toolCallId`; its name is kept where the call does not tell it. */
export function decodeResult(wire: JsonObject, toolCallId: string, keepName: boolean): ToolResultPart {
  const result = objectOf(wire['functionResponse']) ?? {};
  const { texts, isError } = decodeSaid(objectOf(result['response']) ?? {});
  const media = arrayOf(result['parts']).map((each) => decodePart(objectOf(each) ?? {}, noId));
  const inner = { ...unknownMembers(result, RESULT), ...(keepName && { name: textOf(result['name']) ?? '' }) };
  const rest = {
    ...unknownMembers(wire, OUTER),
    ...(Object.keys(inner).length > 0 && { functionResponse: inner }),
  };
  return {
    type: 'tool-result',
    toolCallId,
    content: [...texts.map((text): Part => ({ type: 'text', text })), ...media],
    isError,
    ...(Object.keys(rest).length > 0 && { extras: { gemini: rest } }),
  };
}

/** The call that a result answers, as far as it is known. */
export interface Answered {
  /** Absent on the wire when the caller named no id. */
  readonly id: string | undefined;
  readonly name: string;
}

/** Writes a result as a part with a `functionResponse`: its texts in one object, its media beside it. */
export function encodeResult(part: ToolResultPart, { id, name }: Answered, path: string, losses: Loss[]): JsonObject {
  losses.push(...foreignExtras(part.extras, 'gemini', path));
  if (part.cacheControl !== undefined)
    losses.push({ path: `${path}.cacheControl`, what: 'cache breakpoint', instead: 'dropped' });
  const texts: string[] = [];
  const media: JsonObject[] = [];
  for (const [index, each] of part.content.entries()) {
    const at = `${path}.content[${index}]`;
    const wire = encodePart(each, at, { losses, signatures: 'own' });
    const text = textOf(wire?.['text']);
    if (text === undefined) {
      if (wire !== undefined) media.push(wire);
      continue;
    }
    if (media.length > 0) losses.push({ path: at, what: 'text behind media in a result', instead: 'moved' });
    texts.push(text);
  }
  const response = encodeSaid({ texts, isError: part.isError });
  const functionResponse = compact({ id, name, response, parts: media.length > 0 ? media : undefined });
  const { functionResponse: inner, ...rest } = part.extras?.gemini ?? {};
  return joined({ functionResponse: { ...functionResponse, ...objectOf(inner) } }, rest);
}
