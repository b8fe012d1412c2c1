import type { Json } from '../../model/json.ts';
import type { Part, ToolCallPart, ToolResultPart } from '../../model/part.ts';
import type { PlacedMessage } from './placed-message.ts';

/** A call of a conversation. */
export interface Call {
  readonly part: ToolCallPart;
  /** Which of the messages makes it, counted in the list at hand. */
  readonly home: number;
  /** Its id from now on: its own, unless an earlier call has that. */
  readonly id: string;
  /** What was given back for it; what only repeats the first is left out. */
  readonly results: ToolResultPart[];
}

/** The one result of a call, by the id that the call has now; `undefined` when there is none. */
export function resultOf({ id, results }: Call): ToolResultPart | undefined {
  const [first, ...more] = results;
  if (first === undefined || (more.length === 0 && first.toolCallId === id)) return first;
  const content = results.flatMap((each) => each.content);
  return { ...first, toolCallId: id, content, isError: (more.at(-1) ?? first).isError };
}

/**
 * What becomes of one result: it is the `result` of its call, says the same `again`, says `more` for a call that has
 * one, belongs to a call that only a vendor has (`foreign`), or to none (`orphan`).
 */
export type Fate =
  | { readonly kind: 'result' | 'again' | 'more'; readonly call: Call }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'orphan' };

/** Which result belongs to which call, by the places of messages in the list at hand and of parts in them. */
export interface Match {
  readonly calls: ReadonlyMap<number, readonly Call[]>;
  readonly fates: ReadonlyMap<number, readonly Fate[]>;
}

/** Calls of one message that have one id, and how many of them are answered. */
interface Group {
  readonly calls: Call[];
  answered: number;
}

/**
 * Gives every result to a call: to the nearest before it that has its id and no result yet, in the order of the calls;
 * else, when all calls of that id come later, to the first of them that nothing else answers. Linear.
 */
export function matchResults(messages: readonly PlacedMessage[]): Match {
  const ids = idsIn(messages);
  const calls = new Map<number, readonly Call[]>();
  const fates = new Map<number, Fate[]>();
  const nearest = new Map<string, Group>();
  const first = new Map<string, Group>();
  const early: { readonly part: ToolResultPart; readonly into: Fate[]; readonly at: number }[] = [];
  for (const [at, { message }] of messages.entries()) {
    if (message.role === 'assistant') {
      const made = callsIn(message.content, at, ids);
      calls.set(at, made);
      for (const [id, group] of grouped(made)) {
        nearest.set(id, group);
        if (!first.has(id)) first.set(id, group);
      }
    } else if (message.role === 'tool') {
      const into: Fate[] = [];
      fates.set(at, into);
      for (const part of message.content) {
        const group = nearest.get(part.toolCallId);
        if (group !== undefined) into.push(answer(group, part));
        else {
          early.push({ part, into, at: into.length });
          into.push({ kind: ids.foreign.has(part.toolCallId) ? 'foreign' : 'orphan' });
        }
      }
    }
  }
  for (const { part, into, at } of early) {
    const group = first.get(part.toolCallId);
    if (group !== undefined && group.answered < group.calls.length) into[at] = answer(group, part);
  }
  return { calls, fates };
}

function grouped(calls: readonly Call[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const call of calls) {
    const group = groups.get(call.part.id);
    if (group === undefined) groups.set(call.part.id, { calls: [call], answered: 0 });
    else group.calls.push(call);
  }
  return groups;
}

function answer(group: Group, part: ToolResultPart): Fate {
  const call = group.calls[group.answered];
  if (call !== undefined) {
    group.answered += 1;
    call.results.push(part);
    return { kind: 'result', call };
  }
  // A group has at least one call, and all of its calls are answered.
  const last = group.calls.at(-1) as Call;
  if (isSame(last.results[0] as ToolResultPart, part)) return { kind: 'again', call: last };
  last.results.push(part);
  return { kind: 'more', call: last };
}

const isSame = (one: ToolResultPart, other: ToolResultPart): boolean =>
  one.isError === other.isError &&
  one.content.length === other.content.length &&
  one.content.every((part, at) => isSamePart(part, other.content[at]));

const isSamePart = (one: Part, other: Part | undefined): boolean =>
  one === other || (one.type === 'text' && other?.type === 'text' && one.text === other.text);

interface Ids {
  /** Every id that is taken. */
  readonly used: Set<string>;
  /** Ids of calls that have been seen. */
  readonly seen: Set<string>;
  /** Ids of what only a vendor has; some of these are calls. */
  readonly foreign: ReadonlySet<string>;
  /** Where to go on counting, by the id that is taken. */
  readonly counts: Map<string, number>;
}

const FOREIGN_IDS = ['id', 'call_id', 'tool_use_id', 'callId', 'toolUseId'];

function idsIn(messages: readonly PlacedMessage[]): Ids {
  const used = new Set<string>();
  const foreign = new Set<string>();
  for (const { message } of messages)
    for (const part of message.content) {
      if (part.type === 'tool-call') used.add(part.id);
      else if (part.type === 'tool-result') used.add(part.toolCallId);
      else if (part.type === 'vendor') for (const id of foreignIds(part.value)) foreign.add(id);
    }
  return { used: new Set([...used, ...foreign]), seen: new Set(), foreign, counts: new Map() };
}

function foreignIds(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = value as Readonly<Record<string, Json | undefined>>;
  return FOREIGN_IDS.map((name) => members[name]).filter((each) => typeof each === 'string');
}

const callsIn = (content: readonly Part[], home: number, ids: Ids): readonly Call[] =>
  content
    .filter((part) => part.type === 'tool-call')
    .map((part) => ({ part, home, id: idFor(part.id, ids), results: [] }));

/** Ids are cut to this many characters before a number is put behind them: OpenAI takes 40. */
const STEM_MAX = 32;

/** An empty id is none. */
function idFor(id: string, { used, seen, counts }: Ids): string {
  if (id !== '' && !seen.has(id)) {
    seen.add(id);
    return id;
  }
  const stem = id === '' ? 'call' : id.slice(0, STEM_MAX);
  let count = counts.get(stem) ?? 2;
  while (used.has(`${stem}_${count}`)) count += 1;
  counts.set(stem, count + 1);
  const made = `${stem}_${count}`;
  used.add(made);
  return made;
}
