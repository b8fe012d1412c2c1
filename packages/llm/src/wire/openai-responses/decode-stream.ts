import type { StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Frame, StreamMachine } from '../codec.ts';
import { endsWithDone, framesIn, isDone } from '../odd-frame.ts';
import { isObject, objectOf, parseJson, textOf } from '../read.ts';
import { errorFailure } from './decode-failure.ts';
import { decodeFront, responseExtras } from './decode-response.ts';
import { decodeFinish } from './finish.ts';
import type { Events } from './item-reader.ts';
import { addItem, concludeItems, hearItem, newItems, type Items } from './stream-items.ts';
import { decodeUsage } from './usage.ts';

/** What a stream has said so far. */
export interface State {
  started: boolean;
  /** True once a failure ended it. */
  over: boolean;
  /** The response as its last word told it. */
  final: JsonObject | undefined;
  readonly items: Items;
}

type Handler = (state: State, data: JsonObject, events: Events) => void;

const TRUNCATED: Failure = { kind: 'network', message: 'The provider’s stream ended before the answer was complete.' };
const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider sent a stream event that is not JSON.' };
const CANCELLED: Failure = { kind: 'cancelled', message: 'The provider says that the answer was cancelled.' };

/** The last words of a stream; some servers say only in the data which word it is. */
const LAST = /^(?:response\.(?:completed|incomplete|failed|cancelled)|error)$/;
const LAST_TYPE = /"type": ?"(?:response\.(?:completed|incomplete|failed|cancelled)|error)"/;

/** The name of events that have none, which some servers write. */
const MESSAGE = 'message';

/** Members by which an event speaks of an item, even where the start of the answer was lost. */
const ITEM_MEMBERS = ['item', 'item_id', 'output_index'];

/** Reads a stream of response events, whether it tells its items in pieces or only once they are whole. */
export function decodeStream(): StreamMachine<Frame, StreamEvent, State> {
  return {
    initial: () => ({ started: false, over: false, final: undefined, items: newItems() }),
    step,
    end,
    isLast,
  };
}

function isLast(frame: Frame): boolean {
  const { event, data } = frame;
  if (event !== '' && event !== MESSAGE) return LAST.test(event);
  if (endsWithDone(frame)) return true;
  // What an item says may hold the same words, so that only a closer look tells.
  return LAST_TYPE.test(data) && LAST.test(textOf(objectOf(parseJson(data))?.['type']) ?? '');
}

function step(state: State, frame: Frame): readonly StreamEvent[] {
  // Servers that speak OpenAI's other format too end both in the same way.
  if (state.over || state.final !== undefined || isDone(frame)) return [];
  const data = parseJson(frame.data);
  if (!isObject(data)) return isForeign(frame) ? [] : stepEach(state, frame);
  const kind = textOf(data['type']) ?? frame.event;
  if (kind === 'error' || ((kind === '' || kind === MESSAGE) && isObject(data['error'])))
    return fail(state, errorFailure(data));
  const events: Events = [];
  const handler = Object.hasOwn(HANDLERS, kind) ? HANDLERS[kind] : undefined;
  if (handler !== undefined) handler(state, data, events);
  else if (state.started || ITEM_MEMBERS.some((name) => data[name] !== undefined)) {
    start(state, {}, events);
    hearItem(state.items, kind, data, events);
  }
  return events;
}

/** Events that are not of this format may be anything. */
const isForeign = ({ event }: Frame): boolean =>
  event !== '' && event !== MESSAGE && !/^(?:response\.|error$)/.test(event);

function stepEach(state: State, frame: Frame): readonly StreamEvent[] {
  return framesIn(frame)?.flatMap((each) => step(state, each)) ?? fail(state, NOT_JSON);
}

function fail(state: State, failure: Failure): readonly StreamEvent[] {
  state.over = true;
  return [{ type: 'failure', failure }];
}

/** The answer starts with the first that is heard of it. */
function start(state: State, response: JsonObject, events: Events): void {
  if (state.started) return;
  state.started = true;
  const front = decodeFront(response);
  state.items.answer.id = front.id;
  events.push({ type: 'response-start', ...front, ...responseExtras(response) });
}

const responseOf = ({ response }: JsonObject): JsonObject => (isObject(response) ? response : {});

const onStart: Handler = (state, data, events) => start(state, responseOf(data), events);

const onLast: Handler = (state, data, events) => {
  const response = responseOf(data);
  start(state, response, events);
  state.final = response;
  concludeItems(state.items, response, events);
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  'response.created': onStart,
  'response.queued': onStart,
  'response.in_progress': onStart,
  'response.output_item.added': (state, data, events) => {
    start(state, {}, events);
    addItem(state.items, data, events);
  },
  'response.completed': (state, data, events) =>
    onLast(state, { response: { ...responseOf(data), status: 'completed' } }, events),
  'response.incomplete': (state, data, events) =>
    onLast(state, { response: { ...responseOf(data), status: 'incomplete' } }, events),
  'response.failed': (state, data, events) => {
    events.push(...fail(state, errorFailure(responseOf(data))));
  },
  'response.cancelled': (state, _, events) => {
    events.push(...fail(state, CANCELLED));
  },
  keepalive: (state, _, events) => {
    if (state.started) events.push({ type: 'ping' });
  },
};

function end(state: State): readonly StreamEvent[] {
  if (state.over) return [];
  if (state.final === undefined) return fail(state, TRUNCATED);
  state.over = true;
  const usage = decodeUsage(state.final['usage']);
  return [
    {
      type: 'finish',
      finish: decodeFinish(state.final, state.items.answer),
      ...(usage !== undefined && { usage }),
      ...responseExtras(state.final),
    },
  ];
}
