import type { PartDelta } from '../../model/event.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ReasoningPart } from '../../model/part.ts';
import { arrayOf } from '../read.ts';
import { NONE, type Events, type Output } from './output.ts';
import { itemOf, OWN, ownOf, withOwn } from './own-extras.ts';
import { encodeReasoning, isContent } from './reasoning-item.ts';

/** What the thoughts of a part are called on the wire: something to be shown, or what was thought. */
const SECTIONS = {
  summary: { part: 'response.reasoning_summary_part', text: 'response.reasoning_summary_text', index: 'summary_index' },
  content: { part: 'response.content_part', text: 'response.reasoning_text', index: 'content_index' },
} as const;

/** Begins thoughts. */
export function startThought(output: Output, index: number, part: ReasoningPart): Events {
  const place = output.items.length;
  const id = output.ids.item(itemOf(part.extras)?.['id'], 'rs', place);
  const inContent = isContent(part);
  const names = SECTIONS[inContent ? 'content' : 'summary'];
  const at = { item_id: id, output_index: place };
  const section = { ...at, [names.index]: 0 };
  const textType = inContent ? 'reasoning_text' : 'summary_text';
  const pieces: string[] = [];
  let whole: ReasoningPart = { ...part, text: '' };
  let opened = false;
  const open = (): Events => {
    if (opened) return NONE;
    opened = true;
    return [{ type: `${names.part}.added`, ...section, part: { type: textType, text: '' } }];
  };
  const grow = (delta: PartDelta): Events => {
    if (delta.type === 'signature') whole = { ...whole, signature: delta.signature };
    if (delta.type === 'extras') whole = { ...whole, ...withOwn({ ...ownOf(whole.extras), ...delta.extras[OWN] }) };
    if (delta.type !== 'text' || delta.text === '') return NONE;
    pieces.push(delta.text);
    return [...open(), { type: `${names.text}.delta`, ...section, delta: delta.text }];
  };
  const settle = (): JsonObject =>
    (output.items[place] = { ...encodeReasoning({ ...whole, text: pieces.join('') }), id });
  const end = (): Events => {
    const item = settle();
    const text = pieces.join('');
    // An empty summary is written too, where it stands for a signature without words.
    const opening = arrayOf(item['summary']).length > 0 && !inContent ? open() : NONE;
    const closing = opened
      ? [
          { type: `${names.text}.done`, ...section, text },
          { type: `${names.part}.done`, ...section, part: { type: textType, text } },
        ]
      : [];
    return [...opening, ...closing, { type: 'response.output_item.done', output_index: place, item }];
  };
  output.parts.set(index, { grow, end, settle });
  const item = { id, type: 'reasoning', summary: [], ...(inContent && { content: [] }) };
  output.items.push(item);
  const added = { type: 'response.output_item.added', output_index: place, item };
  return [added, ...grow({ type: 'text', text: part.text })];
}
