import type { PartDelta } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import { contentOf, imageItem, vendorItem } from './output-items.ts';
import { closeMessage, NONE, type Events, type Output } from './output.ts';
import { startCall } from './write-call.ts';
import { sayWhole, startSpoken } from './write-spoken.ts';
import { startThought } from './write-thought.ts';

/** Begins a part, and the item that it belongs to. */
export function startPart(output: Output, index: number, part: Part): Events {
  output.written.add(part.type);
  if (part.type === 'text' || part.type === 'refusal') return startSpoken(output, index, part);
  const content = contentOf(part);
  if (content !== undefined) return sayWhole(output, part, content);
  const before = closeMessage(output, 'completed');
  const place = output.items.length;
  if (part.type === 'reasoning') return [...before, ...startThought(output, index, part)];
  if (part.type === 'tool-call') return [...before, ...startCall(output, index, part)];
  if (part.type === 'vendor') return [...before, ...wholeItem(output, vendorItem(part, output.ids, place))];
  if (part.type === 'media') return [...before, ...wholeItem(output, imageItem(part, output.ids, place))];
  return before;
}

/** Adds to a part; what does not fit it has no place. */
export const growPart = (output: Output, index: number, delta: PartDelta): Events =>
  output.parts.get(index)?.grow(delta) ?? NONE;

/** Ends a part; its message stays open for the next. */
export function endPart(output: Output, index: number): Events {
  const events = output.parts.get(index)?.end() ?? NONE;
  output.parts.delete(index);
  return events;
}

/** Ends all that is open. */
export function closeAll(output: Output, status: string): Events {
  const ended = [...output.parts.keys()].flatMap((index) => endPart(output, index));
  return [...ended, ...closeMessage(output, status)];
}

/** An item that comes in one; what is heavy in it is said once it is whole. */
function wholeItem(output: Output, item: JsonObject | undefined): Events {
  if (item === undefined) return NONE;
  const place = output.items.length;
  output.items.push(item);
  const status = 'status' in item ? { status: 'in_progress' } : {};
  const began = { ...item, ...status, ...(typeof item['result'] === 'string' && { result: null }) };
  return [
    { type: 'response.output_item.added', output_index: place, item: began },
    { type: 'response.output_item.done', output_index: place, item },
  ];
}
