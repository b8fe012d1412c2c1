import type { JsonObject } from '../../model/json.ts';
import { arrayOf, numberOf, objectOf, textOf } from '../read.ts';
import { callNames } from '../call-names.ts';
import { decodeItem } from './decode-response.ts';
import { wholePart, type Answer, type Events, type ItemReader } from './item-reader.ts';
import { CallReader } from './read-call.ts';
import { SpokenReader } from './read-spoken.ts';
import { ThoughtReader } from './read-thought.ts';
import { CUSTOM_CALL } from './tool-names.ts';

type Kind = 'message' | 'reasoning' | 'call' | 'other';

/** An item of a streamed answer. */
interface Item {
  readonly kind: Kind;
  readonly id: string | undefined;
  readonly place: number;
  /** As it was announced. */
  readonly announced: JsonObject;
  /** Reads what is said of it; none before its turn. */
  reader: ItemReader | undefined;
  /** Whether it has its turn. A message that was taken for over and goes on waits for another one. */
  state: 'waiting' | 'live' | 'parked' | 'over';
  /** True when it may be over although its end was not heard. */
  spent: boolean;
  /** What was said of it when it was not its turn. */
  readonly held: (readonly [kind: string, data: JsonObject])[];
}

/**
 * The items of a streamed answer. Only calls may be told side by side: any other item waits until those before it are
 * over, so that parts never overlap and keep their order.
 */
export interface Items {
  readonly answer: Answer;
  readonly byId: Map<string, Item>;
  readonly byPlace: Map<number, Item>;
  /** How many items of each kind were announced. */
  readonly counts: Map<Kind, number>;
  /** Items whose turn it is. */
  readonly live: Set<Item>;
  /** How many of them are no calls, and how many may be over. */
  liveOthers: number;
  liveSpent: number;
  /** Items that wait; those before `queueStart` have had their turn. */
  readonly queue: Item[];
  queueStart: number;
}

/** No item yet. */
export const newItems = (): Items => ({
  answer: { id: '', nextIndex: 0, toolCalls: false, refusal: false, names: callNames() },
  byId: new Map(),
  byPlace: new Map(),
  counts: new Map(),
  live: new Set(),
  liveOthers: 0,
  liveSpent: 0,
  queue: [],
  queueStart: 0,
});

const DONE = 'response.output_item.done';

const kindOf = (type: string | undefined): Kind => {
  if (type === 'message' || type === 'reasoning') return type;
  return type === 'function_call' || type === CUSTOM_CALL ? 'call' : 'other';
};

/** Hears that an item begins. */
export function addItem(items: Items, data: JsonObject, events: Events): void {
  const item = objectOf(data['item']) ?? {};
  const id = idOf(item);
  if (id === undefined || !items.byId.has(id)) announce(items, item, numberOf(data['output_index']), events);
}

/** Hears anything else about an item; what is not known still shows that the provider is alive. */
export function hearItem(items: Items, kind: string, data: JsonObject, events: Events): void {
  const item = find(items, data) ?? unannounced(items, kind, data, events);
  if (item === undefined) events.push({ type: 'ping' });
  else tell(items, item, [kind, data], events);
  takeTurns(items, events);
}

/** Hears the whole answer: what no event said is said now, and all items end. */
export function concludeItems(items: Items, response: JsonObject, events: Events): void {
  const unknown: (readonly [JsonObject, number])[] = [];
  const left = new Map(items.counts);
  for (const [place, each] of arrayOf(response['output']).entries()) {
    const whole = objectOf(each) ?? {};
    const id = idOf(whole);
    const item = id === undefined ? undefined : items.byId.get(id);
    if (item === undefined) unknown.push([whole, place]);
    else {
      left.set(item.kind, (left.get(item.kind) ?? 0) - 1);
      tell(items, item, [DONE, { item: whole }], events);
      takeTurns(items, events);
    }
  }
  for (const [whole, place] of unknown) {
    const kind = kindOf(textOf(whole['type']));
    const seen = left.get(kind) ?? 0;
    // Some servers name an item otherwise in the end than on its way.
    if (seen > 0) left.set(kind, seen - 1);
    else hearItem(items, DONE, { item: whole, output_index: items.byPlace.has(place) ? undefined : place }, events);
  }
  takeTurns(items, events);
  while (items.live.size > 0) {
    closeLive(items, events);
    takeTurns(items, events);
  }
}

/** The id of an item; some servers leave it empty. */
const idOf = (item: JsonObject | undefined): string | undefined => textOf(item?.['id']) || undefined;

/** Some servers number all items alike, and some name them only here and there. */
function find(items: Items, data: JsonObject): Item | undefined {
  const id = textOf(data['item_id']) || idOf(objectOf(data['item']));
  const named = id === undefined ? undefined : items.byId.get(id);
  if (named !== undefined) return named;
  const placed = items.byPlace.get(numberOf(data['output_index']) ?? -1);
  return placed?.state === 'over' && id !== undefined && placed.id !== undefined ? undefined : placed;
}

/** What events say about an item that was never announced. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^response\.(?:output_text|refusal)\./, 'message'],
  [/^response\.reasoning_/, 'reasoning'],
];

function unannounced(items: Items, kind: string, data: JsonObject, events: Events): Item | undefined {
  const place = numberOf(data['output_index']);
  const id = textOf(data['item_id']) || undefined;
  if (kind === DONE) {
    const item = objectOf(data['item']);
    return item && announce(items, item, place, events);
  }
  const inPart = kind.startsWith('response.content_part.') ? objectOf(data['part'])?.['type'] : undefined;
  const ofPart = inPart === undefined ? undefined : inPart === 'reasoning_text' ? 'reasoning' : 'message';
  const type = ofPart ?? TYPES.find(([words]) => words.test(kind))?.[1];
  return type === undefined ? undefined : announce(items, { type, ...(id !== undefined && { id }) }, place, events);
}

function announce(items: Items, announced: JsonObject, place: number | undefined, events: Events): Item {
  const kind = kindOf(textOf(announced['type']));
  const id = idOf(announced);
  const at = place ?? items.byPlace.size;
  const item: Item = { kind, id, place: at, announced, reader: undefined, state: 'waiting', spent: false, held: [] };
  if (id !== undefined) items.byId.set(id, item);
  items.byPlace.set(at, item);
  items.counts.set(kind, (items.counts.get(kind) ?? 0) + 1);
  items.queue.push(item);
  takeTurns(items, events);
  return item;
}

/** Lets those items begin whose turn it is, with all that was said of them. */
function takeTurns(items: Items, events: Events): void {
  for (let next = items.queue[items.queueStart]; next !== undefined; next = items.queue[items.queueStart]) {
    const beside = next.kind === 'call' && items.liveOthers === 0;
    if (!beside && items.liveSpent < items.live.size) return;
    if (!beside) closeLive(items, events);
    items.queueStart += 1;
    begin(items, next, events);
    for (const held of next.held.splice(0)) tell(items, next, held, events);
  }
}

function begin(items: Items, item: Item, events: Events): void {
  items.live.add(item);
  item.state = 'live';
  if (item.kind !== 'call') items.liveOthers += 1;
  item.reader ??= readerOf(items.answer, item, events);
}

function readerOf(answer: Answer, { kind, announced, place }: Item, events: Events): ItemReader {
  if (kind === 'message') return new SpokenReader(answer, announced);
  if (kind === 'reasoning') return new ThoughtReader(answer, announced);
  return kind === 'call' ? new CallReader(answer, announced, place, events) : new OtherReader(answer, announced, place);
}

function tell(items: Items, item: Item, [kind, data]: readonly [string, JsonObject], events: Events): void {
  if (item.state === 'over') return;
  if (item.state === 'parked') {
    item.state = 'waiting';
    items.queue.push(item);
  }
  if (item.state === 'waiting' || item.reader === undefined) return void item.held.push([kind, data]);
  if (kind === DONE) {
    const whole = objectOf(data['item']) ?? {};
    const id = idOf(whole);
    if (id !== undefined && !items.byId.has(id)) items.byId.set(id, item);
    item.reader.complete(whole, events);
    return close(items, item, 'over', events);
  }
  const spent = item.reader.hear(kind, data, events);
  if (spent !== item.spent) items.liveSpent += spent ? 1 : -1;
  item.spent = spent;
}

function close(items: Items, item: Item, state: 'parked' | 'over', events: Events): void {
  item.reader?.close(events);
  item.state = state;
  items.live.delete(item);
  if (item.kind !== 'call') items.liveOthers -= 1;
  if (item.spent) items.liveSpent -= 1;
  item.spent = false;
}

function closeLive(items: Items, events: Events): void {
  for (const item of items.live) close(items, item, item.kind === 'message' ? 'parked' : 'over', events);
}

/** Reads any other item: nothing is told of it before it is whole. */
class OtherReader implements ItemReader {
  readonly #answer: Answer;
  readonly #place: number;
  #item: JsonObject;

  constructor(answer: Answer, item: JsonObject, place: number) {
    this.#answer = answer;
    this.#item = item;
    this.#place = place;
  }

  hear(_: string, __: JsonObject, events: Events): boolean {
    events.push({ type: 'ping' });
    return false;
  }

  complete(item: JsonObject): void {
    this.#item = item;
  }

  close(events: Events): void {
    // What was announced without its type may turn out to be anything.
    const { id, names } = this.#answer;
    for (const part of decodeItem(this.#item, { responseId: id, index: this.#place, names })) {
      this.#answer.toolCalls ||= part.type === 'tool-call';
      this.#answer.refusal ||= part.type === 'refusal';
      wholePart(this.#answer, part, events);
    }
  }
}
