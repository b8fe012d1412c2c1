import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import { Digest } from './digest.ts';
import { isText } from './signed-turn.ts';

/** A call as clients give it back: the arguments may have been written anew, but mean the same. */
export interface VisibleCall {
  readonly id: string;
  /** Digest of name and arguments. */
  readonly digest: string;
}

/** What a client saw of an answer, told apart from every other by its digest. */
export interface VisibleContent {
  readonly digest: string;
  readonly calls: readonly VisibleCall[];
  /** Visible UTF-16 units of text. */
  readonly chars: number;
}

/** What is seen of `parts`, whatever a format made of their order and of the borders between texts. */
export function visibleContent(parts: Iterable<Part>): VisibleContent {
  const text = new Digest();
  const calls: VisibleCall[] = [];
  let chars = 0;
  for (const part of parts) {
    if (isText(part)) chars += text.addVisible(part.text);
    else if (part.type === 'tool-call') calls.push({ id: part.id, digest: callDigest(part) });
  }
  return contentOf(text, chars, calls);
}

/** Content of which the text, of `chars` visible units, was added to a digest already. */
export function contentOf(text: Digest, chars: number, calls: readonly VisibleCall[]): VisibleContent {
  const whole = new Digest().add(text.hex());
  for (const { digest } of calls) whole.add(digest);
  return { digest: whole.hex(), calls, chars };
}

/** Digest of a call's name and of what its arguments mean. */
export function callDigest({ name, argumentsJson }: { readonly name: string; readonly argumentsJson: string }): string {
  const digest = new Digest();
  addValue(digest, name, 0);
  addValue(digest, objectIn(argumentsJson), 0);
  return digest.hex();
}

/** Arguments as an object; what is none counts as empty, as formats that take only objects have it. */
function objectIn(argumentsJson: string): Json {
  try {
    const value = JSON.parse(argumentsJson) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** What lies deeper in arguments no longer counts: no stack holds what a model may nest. */
const DEPTH_MAX = 200;

/** Adds JSON by its meaning: members in one order, numbers and texts as values. */
function addValue(digest: Digest, value: Json, depth: number): void {
  if (typeof value === 'string') digest.add(`"${value.length}:`).add(value);
  else if (typeof value !== 'object' || value === null) digest.add(`=${String(value)};`);
  else if (depth >= DEPTH_MAX) digest.add('^');
  else if (Array.isArray(value)) addList(digest, value as readonly Json[], depth);
  else addObject(digest, value as JsonObject, depth);
}

function addList(digest: Digest, list: readonly Json[], depth: number): void {
  digest.add(`[${list.length}:`);
  for (const each of list) addValue(digest, each, depth + 1);
}

function addObject(digest: Digest, object: JsonObject, depth: number): void {
  const names = Object.keys(object).sort();
  digest.add(`{${names.length}:`);
  for (const name of names) {
    addValue(digest, name, depth + 1);
    addValue(digest, object[name] ?? null, depth + 1);
  }
}
