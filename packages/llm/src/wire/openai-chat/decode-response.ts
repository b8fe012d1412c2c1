import type { Extras } from '../../model/extras.ts';
import { failed, ok, type Failure, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { callNames, type CallNames } from '../call-names.ts';
import { arrayOf, isObject, numberOf, objectOf, textOf, unknownMembers } from '../read.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { errorFailure } from './decode-failure.ts';
import { decodeFinish, faultOf } from './finish.ts';
import { decodeUsage } from './usage.ts';

const KNOWN_TOP = new Set(['id', 'object', 'created', 'model', 'choices', 'usage']);
const KNOWN_CHOICE = new Set(['index', 'message', 'finish_reason', 'delta']);
/** Members of a message that the model names; the rest is kept as extras. */
export const KNOWN_MESSAGE = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  'refusal',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
]);

const NO_CHOICE: Failure = { kind: 'protocol', message: 'The provider’s answer has no choice.' };

/** Reads a whole answer; unknown members are kept, missing optional ones are no fault. */
export function decodeResponse(body: Json, dialect: OpenAiChatDialect): Result<GenerationResponse> {
  if (!isObject(body)) return failed({ kind: 'protocol', message: 'The provider’s answer is not a JSON object.' });
  if (body['error'] !== undefined && body['error'] !== null) return failed(errorFailure(body));
  if (body['object'] === 'error') return failed(errorFailure({ error: body }));
  const choice = firstChoice(body);
  const message = objectOf(choice?.['message']);
  const fault = choice && faultOf(choice);
  if (fault !== undefined) return failed(fault);
  if (choice === undefined || message === undefined) return failed(NO_CHOICE);
  const id = textOf(body['id']) ?? '';
  const content = decodeParts(message, id);
  const contained = {
    toolCalls: content.some(({ type }) => type === 'tool-call'),
    // An answer that says nothing but an empty refusal declines without words.
    refusal: content.some(({ type }) => type === 'refusal') || (content.length === 0 && message['refusal'] === ''),
  };
  const usage = decodeUsage(body['usage'] ?? groqUsage(body), dialect);
  const rest = {
    ...unknownMembers(body, KNOWN_TOP),
    ...unknownMembers(choice, KNOWN_CHOICE),
    ...unknownMembers(message, KNOWN_MESSAGE),
  };
  return ok({
    id,
    model: textOf(body['model']) ?? '',
    createdAtMs: createdAtMs(body),
    content,
    finish: decodeFinish(textOf(choice['finish_reason']) ?? '', contained),
    ...(usage !== undefined && { usage }),
    ...(Object.keys(rest).length > 0 && { extras: { 'openai-chat': rest } }),
  });
}

/** Further candidates have no place in a canonical answer; only callers of this very format can ask for them. */
export const firstChoice = (body: JsonObject): JsonObject | undefined =>
  arrayOf(body['choices'])
    .map(objectOf)
    .find((choice) => (numberOf(choice?.['index']) ?? 0) === 0);

/** When an answer or a chunk was made, in milliseconds since 1970; 0 when `created` is absent or can be no time. */
export function createdAtMs({ created }: JsonObject): number {
  const ms = Math.round((numberOf(created) ?? 0) * 1000);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : 0;
}

/** Usage where Groq's streams put it. */
export const groqUsage = (body: JsonObject): Json | undefined => objectOf(body['x_groq'])?.['usage'];

/** The parts of an assistant message, reasoning first as models think before they speak. */
export function decodeParts(message: JsonObject, responseId: string): readonly Part[] {
  const parts: Part[] = [...reasoningParts(message), ...contentParts(message['content'])];
  const refusal = textOf(message['refusal']);
  if (refusal !== undefined && refusal !== '') parts.push({ type: 'refusal', text: refusal });
  const names = callNames();
  for (const [index, call] of arrayOf(message['tool_calls']).entries())
    parts.push(toolCall(call, names, toolCallId(responseId, index)));
  const legacy = objectOf(message['function_call']);
  if (legacy !== undefined) parts.push(toolCall({ function: legacy }, names, toolCallId(responseId, 0)));
  return parts;
}

function reasoningParts(message: JsonObject): readonly Part[] {
  const details = arrayOf(message['reasoning_details']).flatMap((each) => reasoningDetail(each) ?? []);
  if (details.length > 0) return joinDetails(details.filter(saysSomething));
  const text = textOf(message['reasoning_content']) ?? textOf(message['reasoning']) ?? '';
  return text === '' ? [] : [{ type: 'reasoning', text }];
}

type Reasoning = Part & { type: 'reasoning' };

/** One entry of OpenRouter's `reasoning_details`. */
export function reasoningDetail(value: unknown): Reasoning | undefined {
  const detail = objectOf(value);
  if (detail === undefined) return undefined;
  const signature = textOf(detail['signature']);
  const redacted = detail['type'] === 'reasoning.encrypted' ? textOf(detail['data']) : undefined;
  const text = textOf(detail['text']) ?? textOf(detail['summary']) ?? '';
  const rest = unknownMembers(detail, SAID_IN_DETAIL);
  return {
    type: 'reasoning',
    text,
    ...(signature !== undefined && { signature }),
    ...(redacted !== undefined && { redacted }),
    ...(rest !== undefined && { extras: { 'openai-chat': { [DETAIL]: rest } } }),
  };
}

/** Members of a detail that the model has words for; the others go back as they came, in the extras of the thought. */
const SAID_IN_DETAIL = new Set(['text', 'summary', 'signature', 'data']);
const DETAIL = 'reasoning_detail';

/** What a detail says beside its thought: its type, and what its vendor calls it; absent where it came in no detail. */
export const detailOf = ({ extras }: Pick<Part, 'extras'>): JsonObject | undefined =>
  objectOf(extras?.['openai-chat']?.[DETAIL]);

/** Whether two details are pieces of one thought: vendors count their thoughts. */
export const isSameThought = (one: Part, other: Part): boolean =>
  detailOf(one)?.['index'] === detailOf(other)?.['index'];

const saysSomething = ({ text, signature, redacted }: Reasoning): boolean =>
  text !== '' || signature !== undefined || redacted !== undefined;

/** A signature may come as an entry of its own behind the text that it signs. */
function joinDetails(details: readonly Reasoning[]): readonly Part[] {
  const joined: Reasoning[] = [];
  for (const detail of details) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      last.signature === undefined &&
      last.redacted === undefined &&
      detail.redacted === undefined &&
      isSameThought(last, detail)
    ) {
      const { extras: _, ...said } = detail;
      joined[joined.length - 1] = { ...last, ...said, text: last.text + detail.text };
    } else joined.push(detail);
  }
  return joined;
}

/** Text, or Mistral's list of parts when the model thinks. */
export function contentParts(content: unknown): readonly Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return arrayOf(content).flatMap((each): readonly Part[] => {
    const part = objectOf(each);
    if (part === undefined) return typeof each === 'string' ? [{ type: 'text', text: each }] : [];
    if (part['type'] === 'thinking') return [{ type: 'reasoning', text: thinkingText(part['thinking']) }];
    if (part['type'] === 'refusal') return [{ type: 'refusal', text: textOf(part['refusal']) ?? '' }];
    const text = textOf(part['text']);
    if (text !== undefined) return [{ type: 'text', text }];
    return [{ type: 'vendor', format: 'openai-chat', kind: textOf(part['type']) ?? 'unknown', value: part }];
  });
}

const thinkingText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : arrayOf(value)
        .map((each) => textOf(objectOf(each)?.['text']) ?? '')
        .join('');

function toolCall(value: Json, names: CallNames, otherwise: string): Part {
  const call = objectOf(value) ?? {};
  if (call['type'] === 'custom') return { type: 'vendor', format: 'openai-chat', kind: 'custom', value: call };
  const made = objectOf(call['function']);
  return {
    type: 'tool-call',
    id: names(textOf(call['id']) ?? '', otherwise),
    name: textOf(made?.['name']) ?? '',
    argumentsJson: argumentsText(made?.['arguments']),
    ...callExtras(call),
  };
}

const KNOWN_CALL = new Set(['id', 'type', 'index', 'function']);
const KNOWN_FUNCTION = new Set(['name', 'arguments']);

/** What a server says of a call besides, such as the signatures of Gemini behind its OpenAI face. */
export function callExtras(call: JsonObject): { readonly extras?: Extras } {
  const inner = unknownMembers(objectOf(call['function']) ?? {}, KNOWN_FUNCTION);
  const rest = { ...unknownMembers(call, KNOWN_CALL), ...(inner !== undefined && { function: inner }) };
  const said = Object.entries(rest).filter(([, value]) => value !== null);
  return said.length > 0 ? { extras: { 'openai-chat': Object.fromEntries(said) } } : {};
}

/** A name for a call that its server left nameless: the same answer always gives the same name. */
export const toolCallId = (responseId: string, index: number): string =>
  `call_${responseId.replace(/[^a-zA-Z0-9]/g, '')}_${index}`;

/** A call's arguments as text; servers that send an object get its JSON. */
export function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
