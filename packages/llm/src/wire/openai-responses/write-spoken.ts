import type { PartDelta } from '../../model/event.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Part, RefusalPart, TextPart } from '../../model/part.ts';
import { arrayOf, objectOf } from '../read.ts';
import { textContent } from './output-items.ts';
import { joinMessage, NONE, placeOf, type Events, type Output } from './output.ts';
import { OWN, ownOf } from './own-extras.ts';

/** Writes a part of a message that only this format has. */
export function sayWhole(output: Output, part: Part, content: JsonObject): Events {
  const { events, message } = joinMessage(output, part);
  const at = placeOf(message);
  message.content.push(content);
  return [
    ...events,
    { type: 'response.content_part.added', ...at, part: content },
    { type: 'response.content_part.done', ...at, part: content },
  ];
}

/** Members that grow as lists, whatever a provider sent first. */
const LISTS = ['annotations', 'logprobs'];

/** Begins a text or a refusal. */
export function startSpoken(output: Output, index: number, part: TextPart | RefusalPart): Events {
  const { events, message } = joinMessage(output, part);
  const at = placeOf(message);
  const pieces: string[] = [];
  const lists = new Map<string, Json[]>(LISTS.map((name) => [name, []]));
  let own: JsonObject = {};
  const refusal = part.type === 'refusal';
  const content = (text: string): JsonObject =>
    refusal ? { type: 'refusal', refusal: text, ...own } : textContent(text, { ...own, ...Object.fromEntries(lists) });
  const began = content('');
  message.content.push(began);
  const note = ({ item, ...members }: JsonObject): Events => {
    // What an item says of itself may come with its end, and belongs to the part that it began with.
    if (at.content_index === 0) message.members = objectOf(item) ?? message.members;
    const added = arrayOf(members['annotations']);
    const first = lists.get('annotations')?.length ?? 0;
    for (const [name, list] of lists) for (const each of arrayOf(members[name])) list.push(each);
    own = { ...own, ...Object.fromEntries(Object.entries(members).filter(([name]) => !lists.has(name))) };
    if (refusal) return NONE;
    const type = 'response.output_text.annotation.added';
    return added.map((annotation, nth) => ({ type, ...at, annotation_index: first + nth, annotation }));
  };
  const grow = (delta: PartDelta): Events => {
    if (delta.type === 'extras') return note(delta.extras[OWN] ?? {});
    if (delta.type !== 'text' || delta.text === '') return NONE;
    pieces.push(delta.text);
    if (refusal) output.written.add('refusal-text');
    const more = { ...at, delta: delta.text };
    return refusal
      ? [{ type: 'response.refusal.delta', ...more }]
      : [{ type: 'response.output_text.delta', ...more, logprobs: [] }];
  };
  const settle = (): JsonObject => (message.content[at.content_index] = content(pieces.join('')));
  const end = (): Events => {
    const whole = settle();
    const said = refusal
      ? { type: 'response.refusal.done', ...at, refusal: whole['refusal'] }
      : { type: 'response.output_text.done', ...at, text: whole['text'], logprobs: whole['logprobs'] };
    return [said, { type: 'response.content_part.done', ...at, part: whole }];
  };
  output.parts.set(index, { grow, end, settle });
  const { item: _, ...noted } = ownOf(part.extras);
  const opening = { type: 'response.content_part.added', ...at, part: began };
  return [...events, opening, ...note(noted), ...grow({ type: 'text', text: part.text })];
}
