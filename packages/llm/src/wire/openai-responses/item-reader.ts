import type { PartDelta, StreamEvent } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Part } from '../../model/part.ts';
import type { CallNames } from '../call-names.ts';

/** What all items of one streamed answer know of it. */
export interface Answer {
  id: string;
  nextIndex: number;
  toolCalls: boolean;
  refusal: boolean;
  readonly names: CallNames;
}

/** Where events are put as they are read. */
export type Events = StreamEvent[];

/** Reads the events of one item; other items wait meanwhile where parts may not overlap. */
export interface ItemReader {
  /** Hears one event. True when this item may be over by now, even if its end is never said; a message may go on. */
  hear(kind: string, data: JsonObject, events: Events): boolean;
  /** Hears the whole item: what was not said before is said now. */
  complete(item: JsonObject, events: Events): void;
  /** Ends what is open. */
  close(events: Events): void;
}

/** Starts a part and gives its index. */
export function openPart(answer: Answer, part: Part, events: Events): number {
  const index = answer.nextIndex;
  answer.nextIndex += 1;
  events.push({ type: 'part-start', index, part });
  return index;
}

/** A part that comes in one. */
export function wholePart(answer: Answer, part: Part, events: Events): void {
  events.push({ type: 'part-end', index: openPart(answer, part, events) });
}

/** One more piece of a part. */
export const delta = (index: number, piece: PartDelta): StreamEvent => ({ type: 'part-delta', index, delta: piece });

/** True when two things that an item says of itself are the same. */
export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
