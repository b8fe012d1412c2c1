import { failed, ok, type Result } from '../../model/failure.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { argumentsText, createdAtMs, toolCallId } from '../openai-chat/decode-response.ts';
import { callNames, type CallNames } from '../call-names.ts';
import { arrayOf, isObject, objectOf, textOf, unknownMembers } from '../read.ts';
import { argumentsOfInput } from './custom-input.ts';
import { errorFailure, isFailed } from './decode-failure.ts';
import { decodeFinish } from './finish.ts';
import { beginning, OWN, withOwn } from './own-extras.ts';
import { decodeReasoning } from './reasoning-item.ts';
import { CUSTOM_CALL, modelName } from './tool-names.ts';
import { decodeUsage } from './usage.ts';

const KNOWN = new Set([
  'id',
  'object',
  'created_at',
  'model',
  'output',
  'usage',
  'status',
  'error',
  'incomplete_details',
]);

/** Members of a response that repeat the request, its defaults filled in. */
export const ECHO: ReadonlySet<string> = new Set([
  'background',
  'frequency_penalty',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'presence_penalty',
  'previous_response_id',
  'prompt_cache_key',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
]);

/** Reads a whole answer; unknown members and items are kept. */
export function decodeResponse(body: Json): Result<GenerationResponse> {
  if (!isObject(body)) return failed({ kind: 'protocol', message: 'The provider’s answer is not a JSON object.' });
  if (isFailed(body)) return failed(errorFailure(body));
  if (!Array.isArray(body['output']))
    return failed({ kind: 'protocol', message: 'The provider’s answer has no output.' });
  const front = decodeFront(body);
  const names = callNames();
  const content = arrayOf(body['output']).flatMap((item, index) =>
    decodeItem(item, { responseId: front.id, index, names }),
  );
  const contained = {
    toolCalls: content.some(({ type }) => type === 'tool-call'),
    refusal: content.some(({ type }) => type === 'refusal'),
  };
  const usage = decodeUsage(body['usage']);
  const extras = responseExtras(body);
  return ok({
    ...front,
    content,
    finish: decodeFinish(body, contained),
    ...(usage !== undefined && { usage }),
    ...extras,
  });
}

/** What names an answer. */
export const decodeFront = (response: JsonObject): Pick<GenerationResponse, 'id' | 'model' | 'createdAtMs'> => ({
  id: textOf(response['id']) ?? '',
  model: textOf(response['model']) ?? '',
  createdAtMs: createdAtMs({ created: response['created_at'] }),
});

/** The members of a response that the model does not name: what repeats the request stands apart, as it is no news. */
export function responseExtras(response: JsonObject): Pick<GenerationResponse, 'extras'> {
  const rest = Object.entries(unknownMembers(response, KNOWN) ?? {});
  const echo = rest.filter(([name]) => ECHO.has(name));
  const news = Object.fromEntries(rest.filter(([name]) => !ECHO.has(name)));
  return withOwn(echo.length > 0 ? { ...news, echo: Object.fromEntries(echo) } : news);
}

/** Where an item stands, from which a call has its name where its server left it nameless. */
export interface ItemPlace {
  readonly responseId: string;
  readonly index: number;
  readonly names: CallNames;
}

/** An item of an answer as parts. */
export function decodeItem(value: Json, place: ItemPlace): readonly Part[] {
  const item = objectOf(value) ?? {};
  const type = textOf(item['type']) ?? 'unknown';
  if (type === 'message') return decodeMessage(item);
  if (type === 'reasoning') return [decodeReasoning(item, itemMembers(item, type))];
  if (type === 'function_call' || type === CUSTOM_CALL) return [decodeCall(item, type, place)];
  return [vendorItem(type, value)];
}

/** An item that no other format has, as it came. */
const vendorItem = (kind: string, value: Json): Part => ({
  type: 'vendor',
  format: OWN,
  kind,
  value,
  ...withOwn({ item: {} }),
});

/**
 * Members that parts say themselves; the status, which says the same of every item of a whole answer; and an id that
 * only calls have, by which official clients would take the item for another one.
 */
const ITEM = {
  message: new Set(['type', 'role', 'content', 'status', 'call_id']),
  reasoning: new Set(['type', 'summary', 'content', 'encrypted_content', 'status', 'call_id']),
  function_call: new Set(['type', 'call_id', 'name', 'arguments', 'status']),
  [CUSTOM_CALL]: new Set(['type', 'call_id', 'name', 'input', 'status']),
};

/** What an item of an answer says beyond what its parts say; calls of custom tools say of what type they are. */
export function itemMembers(item: JsonObject, type: 'message' | 'reasoning' | CallType): JsonObject {
  const rest = unknownMembers(item, ITEM[type]) ?? {};
  return type === CUSTOM_CALL ? { ...rest, type } : rest;
}

/** The type of a call's item. */
export type CallType = 'function_call' | typeof CUSTOM_CALL;

function decodeMessage(item: JsonObject): readonly Part[] {
  const members = itemMembers(item, 'message');
  return arrayOf(item['content']).map((each, index) => {
    const content = objectOf(each) ?? {};
    return contentPart(content, contentExtras(content), index === 0 ? members : undefined);
  });
}

const CONTENT = new Set(['type', 'text', 'refusal']);

/** What a part of a message says beside its text; empty lists say nothing. */
export const contentExtras = (content: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(unknownMembers(content, CONTENT) ?? {}).filter(
      ([, value]) => !(Array.isArray(value) && value.length === 0),
    ),
  );

/** A part of a message; `members` are those of its item, for the part that the item begins with. */
export function contentPart(content: JsonObject, extras: JsonObject, members?: JsonObject): Part {
  const own = withOwn({ ...extras, ...(members !== undefined && { item: members }) });
  const kind = textOf(content['type']) ?? 'unknown';
  if (kind === 'refusal') return { type: 'refusal', text: textOf(content['refusal']) ?? '', ...own };
  const text = textOf(content['text']);
  if (text !== undefined || kind === 'output_text') return { type: 'text', text: text ?? '', ...own };
  const part: Part = { type: 'vendor', format: OWN, kind, value: content };
  return members === undefined ? part : { ...part, ...withOwn(beginning(part, members)) };
}

function decodeCall(item: JsonObject, type: CallType, place: ItemPlace): Part {
  const custom = type === CUSTOM_CALL;
  return {
    type: 'tool-call',
    id: callId(item, place),
    name: callName(item),
    argumentsJson: custom ? argumentsOfInput(textOf(item['input']) ?? '') : argumentsText(item['arguments']),
    ...withOwn({ item: itemMembers(item, type) }),
  };
}

/** The name of a call; where there is none of its own, the item's serves, or one made of its place. */
export const callId = (item: JsonObject, { responseId, index, names }: ItemPlace): string =>
  names(textOf(item['call_id']) || textOf(item['id']) || '', toolCallId(responseId, index));

/** The name of a called tool; its namespace is kept on the call. */
export const callName = (item: JsonObject): string => modelName(textOf(item['name']) ?? '', item['namespace']);
