import type { PartDelta, StreamEvent } from './event.ts';
import type { Part } from './part.ts';

/** A rule of the grammar that `StreamEvent` documents. */
export type GrammarRule =
  | 'after-end'
  | 'before-start'
  | 'started-twice'
  | 'part-not-open'
  | 'part-left-open'
  | 'part-index'
  | 'part-overlap'
  | 'delta-kind'
  | 'no-end';

/** A place where a stream leaves the grammar: which rule, and what happened in words. */
export interface GrammarComplaint {
  readonly rule: GrammarRule;
  readonly sentence: string;
}

/** What was heard of a stream so far. */
export interface Hearing {
  readonly open: Map<number, Part['type']>;
  nextIndex: number;
  started: boolean;
  over: boolean;
}

/** Nothing heard yet. */
export const newHearing = (): Hearing => ({ open: new Map(), nextIndex: 0, started: false, over: false });

/** What is wrong with one event after all that was heard before it; `undefined` when it may come now. */
type Complaint = GrammarComplaint | undefined;

const complain = (rule: GrammarRule, sentence: string): GrammarComplaint => ({ rule, sentence });

/** Parts that stand alone: nothing else may be open beside them. */
const ALONE = new Set<Part['type']>(['text', 'refusal', 'reasoning']);

/** Kinds of parts that a kind of delta may grow; extras collect on every kind. */
const GROWS: Readonly<Record<Exclude<PartDelta['type'], 'extras'>, ReadonlySet<Part['type']>>> = {
  text: ALONE,
  signature: new Set<Part['type']>(['reasoning']),
  arguments: new Set<Part['type']>(['tool-call']),
};

/**
 * Takes the next event of a stream in; says what is wrong with it. A failure may cut open parts short, a finish may
 * not. Only `hearing` changes.
 */
export function hearEvent(hearing: Hearing, event: StreamEvent): GrammarComplaint | undefined {
  if (hearing.over) return complain('after-end', 'comes after the end');
  hearing.over = event.type === 'finish' || event.type === 'failure';
  if (!hearing.started && event.type !== 'response-start' && event.type !== 'failure')
    return complain('before-start', 'comes before the start');
  switch (event.type) {
    case 'response-start':
      return onStart(hearing);
    case 'part-start':
      return onPartStart(hearing, event.index, event.part.type);
    case 'part-delta':
      return onPartDelta(hearing, event.index, event.delta.type);
    case 'part-end':
      return hearing.open.delete(event.index) ? undefined : notOpen(event.index);
    case 'finish':
      return hearing.open.size > 0
        ? complain('part-left-open', `parts ${[...hearing.open.keys()].join(', ')} are still open`)
        : undefined;
    case 'ping':
    case 'failure':
      return undefined;
  }
}

/** The stream is over; says so when it should not be. */
export const hearEnd = ({ over }: Hearing): GrammarComplaint | undefined =>
  over ? undefined : complain('no-end', 'no finish or failure ends the stream');

const notOpen = (index: number): GrammarComplaint => complain('part-not-open', `part ${index} is not open`);

function onStart(hearing: Hearing): Complaint {
  if (hearing.started) return complain('started-twice', 'starts the answer again');
  hearing.started = true;
  return undefined;
}

function onPartStart(hearing: Hearing, index: number, kind: Part['type']): Complaint {
  const expected = hearing.nextIndex;
  const beside = [...hearing.open.values()];
  hearing.open.set(index, kind);
  hearing.nextIndex = Math.max(expected, index + 1);
  if (index !== expected) return complain('part-index', `has index ${index} where ${expected} is next`);
  if (beside.length > 0 && ALONE.has(kind))
    return complain('part-overlap', `${kind} starts while another part is open`);
  return beside.some((each) => ALONE.has(each))
    ? complain('part-overlap', `${kind} starts while ${beside.join(', ')} is open`)
    : undefined;
}

function onPartDelta(hearing: Hearing, index: number, delta: PartDelta['type']): Complaint {
  const kind = hearing.open.get(index);
  if (kind === undefined) return notOpen(index);
  return delta === 'extras' || GROWS[delta].has(kind)
    ? undefined
    : complain('delta-kind', `${delta} does not fit a part of kind ${kind}`);
}
