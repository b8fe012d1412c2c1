import type { JsonObject } from '../../model/json.ts';
import type { MediaPart, Part, ReasoningPart, ToolCallPart, VendorPart } from '../../model/part.ts';
import { isObject } from '../read.ts';
import { encodeCall, membersOfCall } from './items.ts';
import { itemOf, OWN, ownOf } from './own-extras.ts';
import type { OutputIds } from './output-ids.ts';
import { encodeReasoning } from './reasoning-item.ts';
import { CUSTOM_CALL, type CallMembers } from './tool-names.ts';

/** A part as content of a message; `undefined` for what is an item of its own or nothing at all. */
export function contentOf(part: Part): JsonObject | undefined {
  const { item: _, ...own } = ownOf(part.extras);
  if (part.type === 'text') return textContent(part.text, own);
  if (part.type === 'refusal') return { type: 'refusal', refusal: part.text, ...own };
  if (part.type !== 'vendor' || part.format !== OWN || itemOf(part.extras) !== undefined) return undefined;
  const type = isObject(part.value) ? part.value['type'] : undefined;
  // Thoughts among what is said are no content that official clients read.
  return isObject(part.value) && typeof type === 'string' && type !== 'reasoning_text' ? part.value : undefined;
}

/** A text with the lists that clients read without looking. */
export const textContent = (text: string, own: JsonObject): JsonObject => ({
  type: 'output_text',
  annotations: [],
  logprobs: [],
  text,
  ...own,
});

/** A message. */
export const messageItem = (members: JsonObject, content: readonly JsonObject[]): JsonObject => ({
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content,
  ...members,
});

/** Thoughts. */
export function thoughtItem(part: ReasoningPart, ids: OutputIds, place: number): JsonObject {
  const id = ids.item(itemOf(part.extras)?.['id'], 'rs', place);
  return { ...encodeReasoning(part), id };
}

/** A call of a function, or of a custom tool; `offered` says how the tool is called that has no word of its own. */
export function callItem(part: ToolCallPart, offered: CallMembers, ids: OutputIds, place: number): JsonObject {
  const members = membersOfCall(part, offered);
  const custom = members['type'] === CUSTOM_CALL;
  const id = ids.item(members['id'], custom ? 'ctc' : 'fc', place);
  const call = ids.call(part.id, custom ? CUSTOM_CALL : 'function_call', place);
  // A call without arguments is read by clients as JSON all the same.
  const argumentsJson = part.argumentsJson || (custom ? '' : '{}');
  return { ...encodeCall({ ...part, id: call, argumentsJson }, members), status: 'completed', id };
}

/** An item that only this format has; official clients read none without a type and an id, and no call of a shell without its own. */
export function vendorItem({ format, value }: VendorPart, ids: OutputIds, place: number): JsonObject | undefined {
  if (format !== OWN || !isObject(value) || typeof value['type'] !== 'string') return undefined;
  const id = ids.item(value['id'], 'item', place);
  const call = value['type'].startsWith('shell_call')
    ? { call_id: ids.call(value['call_id'], value['type'], place) }
    : {};
  return { ...value, ...call, id };
}

/** A picture as what the vendor's own tool for pictures gives. */
export function imageItem({ mediaType, source }: MediaPart, ids: OutputIds, place: number): JsonObject | undefined {
  if (!mediaType.startsWith('image/') || source.kind !== 'base64') return undefined;
  const id = ids.item(undefined, 'ig', place);
  return { type: 'image_generation_call', status: 'completed', result: source.data, id };
}
