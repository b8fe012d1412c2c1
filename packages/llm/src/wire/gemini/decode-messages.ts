import type { Json, JsonObject } from '../../model/json.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ToolResultPart } from '../../model/part.ts';
import { isObject, unknownMembers } from '../read.ts';
import { Refusal, required, wanted } from '../refusal.ts';
import { nameOfCall, nameOfResult } from './call-ids.ts';
import { decodePart } from './parts.ts';
import { decodeResult } from './results.ts';
import { spelled } from './spelling.ts';

/** Reads `contents`; a run of function responses becomes one tool message, whatever contents it is spread over. */
export function decodeMessages(value: Json | undefined): readonly Message[] {
  const contents = listOf(value, 'contents');
  if (contents.length === 0) throw new Refusal('contents', 'a list of at least one content');
  const reading: Reading = { messages: [], calls: new Calls(), results: undefined };
  for (const [index, content] of contents.entries()) decodeContent(content, `contents[${index}]`, reading);
  return reading.messages;
}

/** Reads `systemInstruction`; whose words they are said to be changes nothing, and is kept. */
export function decodeInstruction(value: Json | undefined): readonly Message[] {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) throw new Refusal('systemInstruction', 'an object with `parts`');
  const path = 'systemInstruction';
  const content = partsOf(value, path).map((part, index) => readPlainPart(checked(part, `${path}.parts[${index}]`)));
  const rest = unknownMembers(value, PARTS);
  return [{ role: 'system', audience: 'system', content, ...(rest !== undefined && { extras: { gemini: rest } }) }];
}

/** Google's servers take one value for a list of one. */
export function listOf(value: Json | undefined, path: string): readonly JsonObject[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : isObject(value) ? [value] : undefined;
  if (list === undefined) throw new Refusal(path, 'a list of objects');
  return list.map((each, index) => {
    if (!isObject(each)) throw new Refusal(`${path}[${index}]`, 'an object');
    return each;
  });
}

const PARTS = new Set(['parts']);
const CONTENT = new Set(['role', 'parts']);

const partsOf = ({ parts }: JsonObject, path: string): readonly JsonObject[] =>
  parts === undefined || parts === null ? [] : listOf(parts, `${path}.parts`);

const ROLES: Readonly<Record<string, 'user' | 'assistant'>> = {
  user: 'user',
  // The first form of function calling had a role of its own for results.
  function: 'user',
  tool: 'user',
  model: 'assistant',
};

interface Reading {
  readonly messages: Message[];
  readonly calls: Calls;
  /** The run of results that is not over yet. */
  results: ToolResultPart[] | undefined;
}

function decodeContent(content: JsonObject, path: string, reading: Reading): void {
  const said = (wanted(content, 'role', 'string', `${path}.role`) as string | undefined) ?? 'user';
  const role = Object.hasOwn(ROLES, said.toLowerCase()) ? ROLES[said.toLowerCase()] : undefined;
  if (role === undefined) throw new Refusal(`${path}.role`, '`user` or `model`');
  const rest = unknownMembers(content, CONTENT);
  const extras: Pick<Message, 'extras'> = rest === undefined ? {} : { extras: { gemini: rest } };
  const parts = partsOf(content, path);
  const at = (index: number): string => `${path}.parts[${index}]`;
  if (role === 'user' && parts.length > 0) {
    for (const [index, part] of parts.entries())
      addUserPart(readUserPart(part, at(index), reading.calls), index === 0, { extras, reading });
    return;
  }
  reading.results = undefined;
  const read = parts.map((part, index) => readModelPart(part, at(index), reading.calls));
  reading.messages.push({ role, content: read, ...extras });
}

/** Results join the run before them, other parts what stands before them in their own content. */
function addUserPart(
  part: Part,
  isFirst: boolean,
  { extras, reading }: { readonly extras: Pick<Message, 'extras'>; readonly reading: Reading },
): void {
  const { messages, results } = reading;
  const last = messages.at(-1);
  if (part.type === 'tool-result') {
    const joins = results !== undefined && (!isFirst || extras.extras === undefined);
    if (joins) return void results.push(part);
    reading.results = [part];
    messages.push({ role: 'tool', content: reading.results, ...extras });
    return;
  }
  reading.results = undefined;
  // This list is ours, begun with an earlier part of this very content.
  if (!isFirst && last?.role === 'user') (last.content as Part[]).push(part);
  else messages.push({ role: 'user', content: [part], ...extras });
}

const PART = new Set([
  'text',
  'thought',
  'thoughtSignature',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'videoMetadata',
  'mediaResolution',
  'partMetadata',
]);
const MEDIA = new Set(['mimeType', 'data', 'fileUri', 'displayName']);
const CALL = new Set(['partialArgs', 'willContinue']);

function readModelPart(wire: JsonObject, path: string, calls: Calls): Part {
  const part = decodePart(checked(wire, path), noId);
  return part.type === 'tool-call' ? { ...part, id: calls.made(part.name, part.id) } : part;
}

/** Only a model calls functions; a call by anyone else is Gemini's to judge. */
function readPlainPart(part: JsonObject): Part {
  const decoded = decodePart(part, noId);
  return decoded.type === 'tool-call'
    ? { type: 'vendor', format: 'gemini', kind: 'functionCall', value: part }
    : decoded;
}

const noId = (): string => '';

function readUserPart(wire: JsonObject, path: string, calls: Calls): Part {
  const part = checked(wire, path);
  const { functionResponse: result } = part;
  if (!isObject(result)) return readPlainPart(part);
  const at = `${path}.functionResponse`;
  const name = required(result, 'name', at);
  const id = wanted(result, 'id', 'string', `${at}.id`) as string | undefined;
  wanted(result, 'response', 'object', `${at}.response`);
  const { toolCallId, isKnown } = calls.answered(name, id || undefined);
  if (result['parts'] === undefined || result['parts'] === null) return decodeResult(part, toolCallId, !isKnown);
  const parts = listOf(result['parts'], `${at}.parts`).map((each, index) => checked(each, `${at}.parts[${index}]`));
  return decodeResult({ ...part, functionResponse: { ...result, parts } }, toolCallId, !isKnown);
}

/** A part under the names that Google writes, with the members that every part of its kind needs. */
function checked(wire: JsonObject, path: string): JsonObject {
  const part: Record<string, Json | undefined> = { ...spelled(wire, PART) };
  wanted(part, 'text', 'string', `${path}.text`);
  wanted(part, 'thought', 'boolean', `${path}.thought`);
  wanted(part, 'thoughtSignature', 'string', `${path}.thoughtSignature`);
  for (const [name, members] of Object.entries(NEEDED)) {
    const data = wanted(part, name, 'object', `${path}.${name}`);
    if (!isObject(data)) continue;
    part[name] = spelled(data, name === 'functionCall' ? CALL : MEDIA);
    for (const member of members) required(part[name] as JsonObject, member, `${path}.${name}`);
  }
  const call = part['functionCall'];
  if (isObject(call)) {
    wanted(call, 'id', 'string', `${path}.functionCall.id`);
    wanted(call, 'name', 'string', `${path}.functionCall.name`);
    wanted(call, 'args', 'object', `${path}.functionCall.args`);
  }
  wanted(part, 'functionResponse', 'object', `${path}.functionResponse`);
  return part;
}

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  functionCall: [],
  inlineData: ['mimeType', 'data'],
  fileData: ['fileUri'],
};

/** Calls of one name in the order they were made; those before `next` are answered. */
interface Waiting {
  readonly ids: string[];
  next: number;
}

/** Knows which calls of a request still wait for their results, so that results without an id find theirs. */
class Calls {
  readonly #names = new Map<string, string>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #answered = new Set<string>();
  #made = 0;
  #results = 0;

  /** Hears of a call, by the id it came with or none (`''`), and gives the id by which it goes. */
  made(name: string, given: string): string {
    const id = given || nameOfCall(name, this.#made);
    this.#made += 1;
    this.#names.set(id, name);
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, { ids: [id], next: 0 });
    else waiting.ids.push(id);
    return id;
  }

  /** The call a result is for: the one it names, else the first of its function's that has none yet. */
  answered(name: string, given: string | undefined): { readonly toolCallId: string; readonly isKnown: boolean } {
    const id = given ?? this.#firstOf(name);
    const position = this.#results;
    this.#results += 1;
    if (id === undefined) return { toolCallId: nameOfResult(name, position), isKnown: false };
    this.#answered.add(id);
    return { toolCallId: id, isKnown: this.#names.get(id) === name };
  }

  #firstOf(name: string): string | undefined {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) return undefined;
    while (waiting.next < waiting.ids.length && this.#answered.has(waiting.ids[waiting.next] as string))
      waiting.next += 1;
    return waiting.ids[waiting.next];
  }
}
