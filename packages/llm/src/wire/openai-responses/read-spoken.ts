import type { Json, JsonObject } from '../../model/json.ts';
import { arrayOf, numberOf, objectOf, textOf } from '../read.ts';
import { contentExtras, contentPart, itemMembers } from './decode-response.ts';
import { delta, isSame, openPart, wholePart, type Answer, type Events, type ItemReader } from './item-reader.ts';
import { OWN, withOwn } from './own-extras.ts';

/** A part of a message: a text, a refusal, or something that comes in one. */
interface Slot {
  /** Its canonical index; `undefined` for what comes in one. */
  readonly index: number | undefined;
  said: boolean;
  annotations: number;
  logprobs: boolean;
  settled: boolean;
}

const UNHEARD: Slot = { index: undefined, said: false, annotations: 0, logprobs: false, settled: false };

/** Reads a message, whether it comes in pieces or only as it is in the end. */
export class SpokenReader implements ItemReader {
  readonly #answer: Answer;
  readonly #slots = new Map<number, Slot>();
  #members: JsonObject;
  /** Index of the part that the item began with. */
  #first: number | undefined;
  #open: Slot | undefined;

  constructor(answer: Answer, item: JsonObject) {
    this.#answer = answer;
    this.#members = itemMembers(item, 'message');
  }

  hear(kind: string, data: JsonObject, events: Events): boolean {
    const at = numberOf(data['content_index']) ?? 0;
    const refusal = kind.startsWith('response.refusal');
    if (kind.endsWith('.delta')) this.#onDelta(at, refusal, data, events);
    else if (kind === 'response.content_part.added') this.#onAdded(at, objectOf(data['part']) ?? {}, events);
    else if (kind === 'response.content_part.done') this.#settle(at, objectOf(data['part']) ?? {}, events);
    else if (kind === 'response.output_text.annotation.added') this.#onAnnotation(at, data['annotation'], events);
    else this.#sayOnce(at, refusal, textOf(data[refusal ? 'refusal' : 'text']) ?? '', events);
    return kind === 'response.content_part.done';
  }

  complete(item: JsonObject, events: Events): void {
    const members = itemMembers(item, 'message');
    const changed = !isSame(members, this.#members);
    this.#members = members;
    for (const [at, content] of arrayOf(item['content']).entries()) this.#settle(at, objectOf(content) ?? {}, events);
    if (changed && this.#first !== undefined && this.#open?.index === this.#first)
      events.push(delta(this.#first, { type: 'extras', extras: { [OWN]: { item: members } } }));
  }

  close(events: Events): void {
    if (this.#open?.index !== undefined) events.push({ type: 'part-end', index: this.#open.index });
    this.#open = undefined;
  }

  #onDelta(at: number, refusal: boolean, data: JsonObject, events: Events): void {
    const slot = this.#say(at, refusal, textOf(data['delta']) ?? '', events);
    const logprobs = arrayOf(data['logprobs']);
    if (logprobs.length === 0) return;
    slot.logprobs = true;
    this.#note(slot, { logprobs }, events);
  }

  #onAdded(at: number, part: JsonObject, events: Events): void {
    // An empty part starts with its first words, or with its end: until then it may be told otherwise.
    const text = textOf(part['text']) ?? textOf(part['refusal']) ?? '';
    if (text !== '') this.#say(at, part['type'] === 'refusal', text, events);
  }

  #onAnnotation(at: number, annotation: Json | undefined, events: Events): void {
    const slot = this.#say(at, false, '', events);
    slot.annotations += 1;
    this.#note(slot, { annotations: [annotation ?? null] }, events);
  }

  /** Says a text that may have been said in pieces before. */
  #sayOnce(at: number, refusal: boolean, text: string, events: Events): void {
    if (this.#slots.get(at)?.said !== true) this.#say(at, refusal, text, events);
  }

  /** Says a piece; a part that another one interrupted goes on as a new part. */
  #say(at: number, refusal: boolean, text: string, events: Events): Slot {
    const open = this.#slots.get(at);
    const slot = open !== undefined && open === this.#open ? open : this.#start(at, refusal, events);
    if (text === '' || slot.index === undefined) return slot;
    slot.said = true;
    events.push(delta(slot.index, { type: 'text', text }));
    return slot;
  }

  #start(at: number, refusal: boolean, events: Events): Slot {
    this.close(events);
    const begins = this.#first === undefined ? withOwn({ item: this.#members }) : {};
    const type = refusal ? 'refusal' : 'text';
    const index = openPart(this.#answer, { type, text: '', ...begins }, events);
    this.#first ??= index;
    this.#answer.refusal ||= refusal;
    const before = this.#slots.get(at) ?? UNHEARD;
    this.#open = { ...before, index };
    this.#slots.set(at, this.#open);
    return this.#open;
  }

  /** Says what a whole part says and its pieces did not. */
  #settle(at: number, content: JsonObject, events: Events): void {
    const before = this.#slots.get(at);
    if (before?.settled === true) return;
    const part = contentPart(content, contentExtras(content), this.#first === undefined ? this.#members : undefined);
    if (part.type !== 'text' && part.type !== 'refusal') {
      this.close(events);
      this.#first ??= this.#answer.nextIndex;
      wholePart(this.#answer, part, events);
      this.#slots.set(at, { ...UNHEARD, settled: true });
      return;
    }
    const begun = before?.index !== undefined && before !== this.#open;
    const interrupted = begun && (before.said || part.text === '');
    const slot = interrupted ? before : this.#say(at, part.type === 'refusal', before?.said ? '' : part.text, events);
    slot.settled = true;
    if (!interrupted) this.#note(slot, unsaid(slot, contentExtras(content)), events);
  }

  #note({ index }: Slot, members: JsonObject, events: Events): void {
    if (index !== undefined && Object.keys(members).length > 0)
      events.push(delta(index, { type: 'extras', extras: { [OWN]: members } }));
  }
}

/** What a part says beside its text, without what was said before. */
function unsaid(slot: Slot, { annotations, logprobs, ...rest }: JsonObject): JsonObject {
  const more = arrayOf(annotations).slice(slot.annotations);
  return {
    ...rest,
    ...(more.length > 0 && { annotations: more }),
    ...(logprobs !== undefined && !slot.logprobs && { logprobs }),
  };
}
