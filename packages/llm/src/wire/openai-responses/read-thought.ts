import type { JsonObject } from '../../model/json.ts';
import { arrayOf, numberOf, objectOf, textOf } from '../read.ts';
import { itemMembers } from './decode-response.ts';
import { delta, isSame, openPart, wholePart, type Answer, type Events, type ItemReader } from './item-reader.ts';
import { OWN, ownOf, withOwn } from './own-extras.ts';
import { BETWEEN, decodeReasoning } from './reasoning-item.ts';

type List = 'summary' | 'content';

/** Reads thoughts. Their part starts with the first words, because only these say in which list they stand. */
export class ThoughtReader implements ItemReader {
  readonly #answer: Answer;
  /** Places in the lists whose text was said. */
  readonly #said = new Set<string>();
  #item: JsonObject;
  #index: number | undefined;
  #told: JsonObject = {};
  #last = '';

  constructor(answer: Answer, item: JsonObject) {
    this.#answer = answer;
    this.#item = item;
  }

  hear(kind: string, data: JsonObject, events: Events): boolean {
    const list: List = kind.startsWith('response.reasoning_summary') ? 'summary' : 'content';
    const at = numberOf(data[`${list}_index`]) ?? 0;
    if (kind.endsWith('.delta')) this.#say(list, at, textOf(data['delta']) ?? '', events);
    else this.#sayOnce(list, at, textOf(data['text']) ?? textOf(objectOf(data['part'])?.['text']) ?? '', events);
    // What encrypts these thoughts comes with the end of the item.
    return false;
  }

  complete(item: JsonObject, events: Events): void {
    this.#item = item;
    if (this.#index === undefined) return;
    for (const list of ['content', 'summary'] as const)
      for (const [at, each] of arrayOf(item[list]).entries())
        this.#sayOnce(list, at, textOf(objectOf(each)?.['text']) ?? '', events);
  }

  close(events: Events): void {
    const whole = decodeReasoning(this.#item, itemMembers(this.#item, 'reasoning'));
    const index = this.#index;
    if (index === undefined) return wholePart(this.#answer, whole, events);
    const signature = whole.signature ?? whole.redacted;
    if (signature !== undefined) events.push(delta(index, { type: 'signature', signature }));
    // What was announced may say less than what was told since.
    const lists = arrayOf(this.#item['summary']).length + arrayOf(this.#item['content']).length;
    if (lists > 0 && !isSame(ownOf(whole.extras), this.#told))
      events.push(delta(index, { type: 'extras', extras: { [OWN]: ownOf(whole.extras) } }));
    events.push({ type: 'part-end', index });
  }

  #sayOnce(list: List, at: number, text: string, events: Events): void {
    if (!this.#said.has(`${list} ${at}`)) this.#say(list, at, text, events);
  }

  #say(list: List, at: number, text: string, events: Events): void {
    if (text === '') return;
    const place = `${list} ${at}`;
    if (this.#index === undefined) {
      this.#told = { item: { ...itemMembers(this.#item, 'reasoning'), ...(list === 'content' && { content: [] }) } };
      this.#index = openPart(this.#answer, { type: 'reasoning', text: '', ...withOwn(this.#told) }, events);
    } else if (place !== this.#last) events.push(delta(this.#index, { type: 'text', text: BETWEEN }));
    this.#said.add(place);
    this.#last = place;
    events.push(delta(this.#index, { type: 'text', text }));
  }
}
