import type { PartDelta, StreamEvent } from '../model/event.ts';
import type { Part } from '../model/part.ts';

interface Heard {
  readonly open: Map<number, Part['type']>;
  nextIndex: number;
  started: boolean;
  over: boolean;
}

/** What is wrong with one event after all that was heard before it; `undefined` when it may come now. */
type Complaint = string | undefined;

/** Parts that stand alone: nothing else may be open beside them. */
const ALONE = new Set<Part['type']>(['text', 'refusal', 'reasoning']);

/** Kinds of parts that a kind of delta may grow; extras collect on every kind. */
const GROWS: Readonly<Record<Exclude<PartDelta['type'], 'extras'>, ReadonlySet<Part['type']>>> = {
  text: ALONE,
  signature: new Set<Part['type']>(['reasoning']),
  arguments: new Set<Part['type']>(['tool-call']),
};

/**
 * Every place where `events` leave the grammar that `StreamEvent` documents, in words; empty for a legal stream.
 * A failure may cut open parts short, a finish may not.
 */
export function checkEventGrammar(events: readonly StreamEvent[]): readonly string[] {
  const heard: Heard = { open: new Map(), nextIndex: 0, started: false, over: false };
  const violations = events.flatMap((event, at) => {
    const complaint = hear(heard, event);
    return complaint === undefined ? [] : [`event ${at} (${event.type}): ${complaint}`];
  });
  return heard.over ? violations : [...violations, 'no finish or failure ends the stream'];
}

function hear(heard: Heard, event: StreamEvent): Complaint {
  if (heard.over) return 'comes after the end';
  heard.over = event.type === 'finish' || event.type === 'failure';
  if (!heard.started && event.type !== 'response-start' && event.type !== 'failure') return 'comes before the start';
  switch (event.type) {
    case 'response-start':
      return onStart(heard);
    case 'part-start':
      return onPartStart(heard, event.index, event.part.type);
    case 'part-delta':
      return onPartDelta(heard, event.index, event.delta.type);
    case 'part-end':
      return heard.open.delete(event.index) ? undefined : `part ${event.index} is not open`;
    case 'finish':
      return heard.open.size > 0 ? `parts ${[...heard.open.keys()].join(', ')} are still open` : undefined;
    case 'ping':
    case 'failure':
      return undefined;
  }
}

function onStart(heard: Heard): Complaint {
  if (heard.started) return 'starts the answer again';
  heard.started = true;
  return undefined;
}

function onPartStart(heard: Heard, index: number, kind: Part['type']): Complaint {
  const expected = heard.nextIndex;
  const beside = [...heard.open.values()];
  heard.open.set(index, kind);
  heard.nextIndex = Math.max(expected, index + 1);
  if (index !== expected) return `has index ${index} where ${expected} is next`;
  if (beside.length > 0 && ALONE.has(kind)) return `${kind} starts while another part is open`;
  return beside.some((each) => ALONE.has(each)) ? `${kind} starts while ${beside.join(', ')} is open` : undefined;
}

function onPartDelta(heard: Heard, index: number, delta: PartDelta['type']): Complaint {
  const kind = heard.open.get(index);
  if (kind === undefined) return `part ${index} is not open`;
  return delta === 'extras' || GROWS[delta].has(kind) ? undefined : `${delta} does not fit a part of kind ${kind}`;
}
