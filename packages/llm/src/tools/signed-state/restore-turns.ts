import type { AssistantMessage, Message } from '../../model/message.ts';
import type { Part } from '../../model/part.ts';
import type { GenerationRequest } from '../../model/request.ts';
import type { FoundTurn } from './find-turns.ts';
import { disagreement, type Binding, type Issuer } from './issuer.ts';
import type { Piece } from './piece.ts';
import { placeInOrder } from './place-in-order.ts';
import { anchoredThoughts, placeNearCalls, type KnownCall } from './place-near-calls.ts';
import { stateName, type SignedTurn } from './signed-turn.ts';
import { withoutState, writtenIn } from './without-state.ts';

/** State that was put back. */
export interface RestoredState {
  /** Where it is in the restored request, e.g. `messages[3].content[0]`. */
  readonly path: string;
  /** In plain words, e.g. `reasoning`. */
  readonly what: string;
}

/** State that is known and could not be put back; has the shape in which encodings report their losses. */
export interface StateLoss {
  /** The message of the request that was given, e.g. `messages[3]`. */
  readonly path: string;
  readonly what: string;
  readonly instead: 'dropped';
}

/** A request with its state. */
export interface Restored {
  /** The same object when nothing was put back. */
  readonly request: GenerationRequest;
  readonly restored: readonly RestoredState[];
  readonly losses: readonly StateLoss[];
}

/** Where a request goes, and how far state reaches. */
export interface Bound {
  readonly target: Issuer;
  readonly bindingOf: (issuer: Issuer) => Binding;
}

/** Puts the state of found answers back where their issuers and the target agree; says where they do not. */
export function restoreTurns(request: GenerationRequest, found: readonly FoundTurn[], bound: Bound): Restored {
  const unreadable: StateLoss[] = [];
  const contents = new Map<number, readonly Piece[]>();
  for (const each of found) {
    const { usable, foreign } = sorted(each, bound);
    const placed = usable === undefined ? undefined : place(usable);
    for (const [message, pieces] of byMessage(placed ?? [], each)) contents.set(message, pieces);
    if (foreign === undefined) continue;
    const stripped = strippedOf(request.messages, foreign);
    for (const [message, pieces] of stripped) if (!contents.has(message)) contents.set(message, pieces);
    // An answer of another conversation leaves nothing missing in this one.
    if (each.isSure || stripped.size > 0) unreadable.push(...lossesOfForeign(foreign, bound, stripped.size > 0));
  }
  const losses = [...unreadable, ...lossesOfChanged(found, bound)];
  if (contents.size === 0) return { request, restored: [], losses };
  const messages: Message[] = [];
  const restored: RestoredState[] = [];
  for (const [index, message] of request.messages.entries()) {
    const pieces = contents.get(index);
    // What an answer in pieces said in one message may have moved to the message before it.
    if (pieces?.length === 0 && message.content.length > 0) continue;
    for (const each of restoredIn(messages.length, pieces ?? [])) restored.push(each);
    // Only messages of the assistant are ever found.
    messages.push(pieces === undefined ? message : { ...(message as AssistantMessage), content: partsOf(pieces) });
  }
  return { request: { ...request, messages }, restored, losses };
}

const place = ({ pieces, known }: FoundTurn): readonly Piece[] | undefined =>
  'turn' in known ? placeInOrder(pieces, known.turn) : placeNearCalls(pieces, known.calls);

const partsOf = (pieces: readonly Piece[]): readonly Part[] => pieces.map(({ part }) => part);

const restoredIn = (message: number, pieces: readonly Piece[]): readonly RestoredState[] =>
  pieces.flatMap(({ restored }, at) =>
    restored === undefined ? [] : [{ path: `messages[${message}].content[${at}]`, what: restored }],
  );

/** What of a found answer the target can read, and what it cannot. */
function sorted(found: FoundTurn, bound: Bound): { readonly usable?: FoundTurn; readonly foreign?: FoundTurn } {
  const agrees = ({ issuer }: SignedTurn): boolean =>
    disagreement(issuer, bound.target, bound.bindingOf(issuer)) === undefined;
  const { known } = found;
  if ('turn' in known) return agrees(known.turn) ? { usable: found } : { foreign: found };
  const usable = new Map([...known.calls].filter(([, { turn }]) => agrees(turn)));
  const foreign = new Map([...known.calls].filter(([, { turn }]) => !agrees(turn)));
  return {
    ...(usable.size > 0 && { usable: { ...found, known: { calls: usable } } }),
    ...(foreign.size > 0 && { foreign: { ...found, known: { calls: foreign } } }),
  };
}

/** By message, what the client sent of a found answer without the state that the target would refuse. */
function strippedOf(messages: readonly Message[], foreign: FoundTurn): ReadonlyMap<number, readonly Piece[]> {
  const written = writtenIn(foreign);
  const stripped = new Map<number, readonly Piece[]>();
  for (let message = foreign.from; message < foreign.to; message += 1) {
    const content: readonly Part[] = messages[message]?.content ?? [];
    const kept = withoutState(content, written);
    if (kept !== content)
      stripped.set(
        message,
        kept.map((part) => ({ part, message })),
      );
  }
  return stripped;
}

/** One loss for an answer whose state is missing and would not be understood, or was sent and had to go. */
function lossesOfForeign(foreign: FoundTurn, { target, bindingOf }: Bound, stripped: boolean): readonly StateLoss[] {
  const names = new Set((place(foreign) ?? []).flatMap(({ restored }) => restored ?? []));
  const { known, from } = foreign;
  const issuer = ('turn' in known ? known.turn : ([...known.calls.values()][0] as KnownCall).turn).issuer;
  const reason = disagreement(issuer, target, bindingOf(issuer)) ?? '';
  if (stripped) names.add('reasoning');
  if (names.size === 0) return [];
  return [{ path: `messages[${from}]`, what: `${[...names].join(' and ')} of ${reason}`, instead: 'dropped' }];
}

/** Gives what was put back to the message of the piece behind it, and keeps the messages in order. */
function byMessage(pieces: readonly Piece[], { from, to }: FoundTurn): ReadonlyMap<number, readonly Piece[]> {
  const contents = new Map<number, Piece[]>();
  if (pieces.length === 0) return contents;
  for (let message = from; message < to; message += 1) contents.set(message, []);
  const owners: number[] = [];
  let next = to - 1;
  for (const piece of pieces.toReversed()) {
    next = Math.min(next, piece.message ?? next);
    owners.push(next);
  }
  for (const [index, piece] of pieces.entries()) contents.get(owners[pieces.length - 1 - index] ?? from)?.push(piece);
  return contents;
}

/** State of answers known by single calls that has no place any more, because the client changed what stood around it. */
function lossesOfChanged(found: readonly FoundTurn[], { target, bindingOf }: Bound): readonly StateLoss[] {
  const changed = new Map<SignedTurn, { readonly from: number; readonly calls: Set<number> }>();
  for (const { known, from } of found)
    for (const { turn, slot } of 'calls' in known ? known.calls.values() : []) {
      if (disagreement(turn.issuer, target, bindingOf(turn.issuer)) !== undefined) continue;
      const before = changed.get(turn);
      if (before === undefined) changed.set(turn, { from, calls: new Set([slot]) });
      else before.calls.add(slot);
    }
  return [...changed].flatMap(([turn, { from, calls }]) => {
    const names = new Set(unplaced(turn, calls));
    if (names.size === 0) return [];
    const what = `${[...names].join(' and ')} of an answer that the client changed`;
    return [{ path: `messages[${from}]`, what, instead: 'dropped' as const }];
  });
}

/** Names of the state that goes with none of `calls`. */
function unplaced({ slots }: SignedTurn, calls: ReadonlySet<number>): readonly string[] {
  const anchored = anchoredThoughts(slots);
  const settled = new Set(calls);
  for (const call of calls)
    for (const at of Object.values(anchored.get(call) ?? {}).flat() as readonly number[]) settled.add(at);
  return slots.flatMap((slot, at) => (settled.has(at) ? [] : (stateName(slot) ?? [])));
}
