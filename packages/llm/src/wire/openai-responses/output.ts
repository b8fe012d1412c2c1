import type { PartDelta } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import { messageItem } from './output-items.ts';
import type { OutputIds } from './output-ids.ts';
import { messageOf } from './own-extras.ts';
import type { CallMembers } from './tool-names.ts';

/** An event of the wire without its number. */
export interface WireEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** What is written at one step. */
export type Events = readonly WireEvent[];
/** Nothing to write. */
export const NONE: Events = [];

/** The items of an answer as they are written. */
export interface Output {
  readonly ids: OutputIds;
  readonly offered: CallMembers;
  /** Items in order; one that is still open stands here as it began. */
  readonly items: JsonObject[];
  readonly parts: Map<number, OpenPart>;
  /** The message that the next text joins, until something else begins. */
  message: OpenMessage | undefined;
  /** Kinds of parts that were written, and `refusal-text` for a refusal in words. */
  readonly written: Set<string>;
}

/** A part on its way. */
export interface OpenPart {
  grow(delta: PartDelta): Events;
  end(): Events;
  /** Makes the item what it is so far, for an answer that breaks off. */
  settle(): void;
}

/** A message on its way. */
export interface OpenMessage {
  readonly place: number;
  readonly id: string;
  members: JsonObject;
  readonly content: JsonObject[];
}

/** The items of an answer that broke off: those on their way as far as they are. */
export function outputSoFar(output: Output): readonly JsonObject[] {
  for (const part of output.parts.values()) part.settle();
  if (output.message !== undefined) closeMessage(output, 'incomplete');
  return output.items;
}

/** Ends the message that is open. */
export function closeMessage(output: Output, status: string): Events {
  const { message } = output;
  if (message === undefined) return NONE;
  output.message = undefined;
  const { place, id, members, content } = message;
  const item = messageItem({ ...members, status, id }, content);
  output.items[place] = item;
  return [{ type: 'response.output_item.done', output_index: place, item }];
}

/** Opens a message for a part that begins one; any other part goes on with the message that is open. */
export function joinMessage(output: Output, part: Part): { readonly events: Events; readonly message: OpenMessage } {
  const members = messageOf(part);
  if (output.message !== undefined && members === undefined) return { events: NONE, message: output.message };
  const before = closeMessage(output, 'completed');
  const place = output.items.length;
  const id = output.ids.item(members?.['id'], 'msg', place);
  const message: OpenMessage = { place, id, members: members ?? {}, content: [] };
  output.message = message;
  const item = messageItem({ ...members, status: 'in_progress', id }, []);
  output.items.push(item);
  return { events: [...before, { type: 'response.output_item.added', output_index: place, item }], message };
}

/** Where the next part of a message stands, as every event about it says. */
export const placeOf = ({ id, place, content }: OpenMessage) => ({
  item_id: id,
  output_index: place,
  content_index: content.length,
});
