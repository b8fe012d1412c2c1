import { ownThoughts, signedPiece, thoughtPiece, type OwnThoughts, type Piece } from './piece.ts';
import type { SignedTurn, Slot } from './signed-turn.ts';

/** A call of the client that a turn knows. */
export interface KnownCall {
  readonly turn: SignedTurn;
  /** Index of its slot. */
  readonly slot: number;
}

/** Known calls, by their index among the pieces of an answer. */
export type KnownCalls = ReadonlyMap<number, KnownCall>;

/** Indexes of the thoughts that go with one call: before all words of the answer, just before the call, or behind it. */
export interface Anchored {
  readonly first: number[];
  readonly before: number[];
  readonly behind: number[];
}

/** The thoughts of a turn by the call that followed them; those behind all calls go with the last. */
export function anchoredThoughts(slots: readonly Slot[]): ReadonlyMap<number, Anchored> {
  const byCall = new Map<number, Anchored>();
  let first: number[] = [];
  let waiting: number[] = [];
  let last: Anchored | undefined;
  let onlyThoughts = true;
  for (const [at, { kind }] of slots.entries()) {
    if (kind === 'thought') (onlyThoughts ? first : waiting).push(at);
    else onlyThoughts = false;
    if (kind !== 'call') continue;
    last = { first, before: waiting, behind: [] };
    byCall.set(at, last);
    first = [];
    waiting = [];
  }
  for (const at of waiting) last?.behind.push(at);
  return byCall;
}

/**
 * Puts state back around the calls that are known, where the rest of an answer is not all there or not as it was.
 * `undefined` when nothing is missing or the client signed the turns itself.
 */
export function placeNearCalls(pieces: readonly Piece[], calls: KnownCalls): readonly Piece[] | undefined {
  const own = thoughtsOfAll(pieces, calls);
  const inserted = own?.restores === true ? insertions(pieces, calls, own) : new Map<number, readonly Piece[]>();
  const placed = pieces.flatMap((piece, index) => [
    ...(inserted.get(index) ?? []),
    ...staying(piece, own).map((each) => signed(each, calls.get(index))),
  ]);
  for (const piece of inserted.get(pieces.length) ?? []) placed.push(piece);
  return placed.some(({ restored }) => restored !== undefined) ? placed : undefined;
}

/** Nothing of its own: every thought of the turns may be put back. */
const NO_THOUGHTS: OwnThoughts = { bySlot: new Map(), others: new Set(), staying: new Map(), restores: true };

function staying(piece: Piece, own: OwnThoughts | undefined): readonly Piece[] {
  if (own === undefined || piece.part.type !== 'reasoning') return [piece];
  const stays = own.staying.get(piece);
  return stays === undefined ? [] : [stays];
}

/** Where several answers stand together with thoughts of the client, nobody can tell whose those are. */
function thoughtsOfAll(pieces: readonly Piece[], calls: KnownCalls): OwnThoughts | undefined {
  const turns = [...new Set([...calls.values()].map(({ turn }) => turn))];
  const [turn] = turns;
  if (turn !== undefined && turns.length === 1) return ownThoughts(pieces, turn.slots, turn.issuer.format);
  return pieces.some(({ part }) => part.type === 'reasoning') ? undefined : NO_THOUGHTS;
}

/** Thoughts to be put back, by the index of the piece they go before. */
function insertions(
  pieces: readonly Piece[],
  calls: KnownCalls,
  own: OwnThoughts,
): ReadonlyMap<number, readonly Piece[]> {
  const byPlace = new Map<number, Piece[]>();
  const anchored = new Map<SignedTurn, ReadonlyMap<number, Anchored>>();
  for (const [index, { turn, slot }] of calls) {
    const byCall = anchored.get(turn) ?? anchoredThoughts(turn.slots);
    anchored.set(turn, byCall);
    const insert = (place: number, slots: readonly number[]): void => {
      const missing = slots.flatMap((at) => thoughtAt(turn, at, own));
      if (missing.length > 0) byPlace.set(place, [...(byPlace.get(place) ?? []), ...missing]);
    };
    const { first, before, behind } = byCall.get(slot) ?? { first: [], before: [], behind: [] };
    if (first.length > 0) insert(wordsBefore(pieces, index), first);
    insert(index, before);
    if (behind.length > 0) insert(wordsBehind(pieces, index), behind);
  }
  return byPlace;
}

function thoughtAt({ slots }: SignedTurn, at: number, own: OwnThoughts): readonly Piece[] {
  const slot = slots[at];
  return slot?.kind === 'thought' && !own.bySlot.has(at) ? [thoughtPiece(slot.part)] : [];
}

const isCall = (piece: Piece | undefined): boolean => piece?.part.type === 'tool-call';

/** Where the words before a call begin. */
function wordsBefore(pieces: readonly Piece[], call: number): number {
  let place = call;
  while (place > 0 && !isCall(pieces[place - 1])) place -= 1;
  return place;
}

/** Where the words behind a call end. */
function wordsBehind(pieces: readonly Piece[], call: number): number {
  let place = call + 1;
  while (place < pieces.length && !isCall(pieces[place])) place += 1;
  return place;
}

const signed = (piece: Piece, call: KnownCall | undefined): Piece =>
  call === undefined ? piece : signedPiece(piece, call.turn.slots[call.slot], call.turn.issuer.format);
