import type { Part } from '../../model/part.ts';
import {
  cutAfter,
  ownThoughts,
  signedPiece,
  thoughtPiece,
  visibleChars,
  type OwnThoughts,
  type Piece,
} from './piece.ts';
import { isText, type SignedTurn, type Slot } from './signed-turn.ts';

/** The client's pieces of one kind, taken one after another. */
interface Row {
  readonly pieces: readonly Piece[];
  next: number;
}

/** Its texts, of which the next may be taken in part. */
interface TextRow extends Row {
  /** Visible units of each. */
  readonly chars: readonly number[];
  /** How much of the next is taken: up to this index, with so many visible units. */
  cutAt: number;
  cutChars: number;
  /** Visible units that came too early, with a text that must not be cut. */
  ahead: number;
}

interface Walk {
  readonly turn: SignedTurn;
  readonly own: OwnThoughts;
  readonly texts: TextRow;
  readonly calls: Row;
  readonly others: Row;
  /** Pieces without a slot: they stay before the piece of the client that they stood before, or behind all. */
  readonly before: ReadonlyMap<Piece | undefined, readonly Piece[]>;
  /** Whether the client's texts are those of the turn one for one, and not joined or cut. */
  readonly sameTexts: boolean;
  readonly placed: Piece[];
}

/**
 * Puts the state of a turn back into an answer of which all is there that the client saw: in the provider's own order,
 * with texts that were joined cut apart where a thought or a signature stood between them. `undefined` when nothing is
 * missing or when the client signed the turn itself.
 */
export function placeInOrder(pieces: readonly Piece[], turn: SignedTurn): readonly Piece[] | undefined {
  const own = ownThoughts(pieces, turn.slots, turn.issuer.format);
  if (own === undefined) return undefined;
  const walk = walkOf(pieces, turn, own);
  for (const [at, slot] of turn.slots.entries()) TAKES[slot.kind](walk, slot as never, at);
  while (walk.texts.next < walk.texts.pieces.length) emitRest(walk, undefined);
  for (const row of [walk.calls, walk.others]) while (row.next < row.pieces.length) emit(walk, row);
  placeBefore(walk, undefined);
  return walk.placed.some(({ restored }) => restored !== undefined) ? walk.placed : undefined;
}

const isOther = ({ part }: Piece): boolean => !isText(part) && part.type !== 'tool-call' && part.type !== 'reasoning';

function walkOf(pieces: readonly Piece[], turn: SignedTurn, own: OwnThoughts): Walk {
  const rows: Record<'texts' | 'calls' | 'others', Piece[]> = { texts: [], calls: [], others: [] };
  const slots = turn.slots.filter(({ kind }) => kind === 'other').length;
  const hasSlots = slots === pieces.filter(isOther).length;
  const before = new Map<Piece | undefined, readonly Piece[]>();
  let waiting: Piece[] = [];
  for (const piece of pieces) {
    if (own.others.has(piece) || (isOther(piece) && !hasSlots)) waiting.push(piece);
    else if (piece.part.type !== 'reasoning') {
      rows[isText(piece.part) ? 'texts' : isOther(piece) ? 'others' : 'calls'].push(piece);
      before.set(piece, waiting);
      waiting = [];
    }
  }
  before.set(undefined, waiting);
  const chars = rows.texts.map(({ part }) => visibleChars(textOf(part)));
  return {
    turn,
    own,
    texts: { pieces: rows.texts, next: 0, chars, cutAt: 0, cutChars: 0, ahead: 0 },
    calls: { pieces: rows.calls, next: 0 },
    others: { pieces: rows.others, next: 0 },
    before,
    sameTexts: areSame(chars, turn.slots),
    placed: [],
  };
}

const textOf = (part: Part): string => (isText(part) ? part.text : '');

/** Whether texts with so many visible units are those of the slots. */
function areSame(chars: readonly number[], slots: readonly Slot[]): boolean {
  let next = 0;
  for (const slot of slots) {
    if (slot.kind !== 'text') continue;
    const own = chars.slice(next, next + slot.parts);
    if (own.length !== slot.parts || own.reduce((sum, each) => sum + each, 0) !== slot.chars) return false;
    next += slot.parts;
  }
  return next === chars.length;
}

/** Walks over one slot. */
type Take<Kind extends Slot['kind']> = (walk: Walk, slot: Slot & { kind: Kind }, at: number) => void;

const TAKES: { readonly [Kind in Slot['kind']]: Take<Kind> } = {
  thought: ({ own, placed }, { part }, at) => {
    const piece = own.bySlot.get(at) ?? (own.restores ? thoughtPiece(part) : undefined);
    if (piece !== undefined) placed.push(piece);
  },
  text: (walk, slot) => {
    if (!walk.sameTexts) return slot.chars === 0 ? takeUnseen(walk, slot) : takeChars(walk, slot);
    for (let left = slot.parts; left > 1; left -= 1) emit(walk, walk.texts);
    emit(walk, walk.texts, slot);
  },
  call: (walk, slot) => emit(walk, walk.calls, slot),
  other: (walk, slot) => emit(walk, walk.others, slot),
};

/** Takes the next piece of a row, with the state of `slot` if that is given. */
function emit(walk: Walk, row: Row, slot?: Slot): void {
  const piece = row.pieces[row.next];
  if (piece === undefined) return;
  row.next += 1;
  placeBefore(walk, piece);
  walk.placed.push(signedPiece(piece, slot, walk.turn.issuer.format));
}

/** One after the other: there may be more than a call takes arguments. */
function placeBefore({ before, placed }: Walk, piece: Piece | undefined): void {
  for (const each of before.get(piece) ?? []) placed.push(each);
}

type TextSlot = Slot & { kind: 'text' };

/** A text without anything to see: the client's, or the provider's where the client left it out. */
function takeUnseen(walk: Walk, slot: TextSlot): void {
  const { texts, turn, placed } = walk;
  if (slot.unseen === undefined) return;
  if (texts.chars[texts.next] === 0) emit(walk, texts, slot);
  else placed.push(signedPiece({ part: slot.unseen }, slot, turn.issuer.format));
}

/** Takes as much text as the slot had. */
function takeChars(walk: Walk, slot: TextSlot): void {
  const { texts } = walk;
  let left = Math.max(0, slot.chars - texts.ahead);
  texts.ahead -= slot.chars - left;
  while (left > 0 && texts.next < texts.pieces.length) {
    const chars = (texts.chars[texts.next] ?? 0) - texts.cutChars;
    // Nobody can say which piece of a text its citations belong to.
    const isBare = texts.pieces[texts.next]?.part.extras === undefined;
    if (chars > left && isBare) emitHead(walk, left, slot);
    else emitRest(walk, chars === left ? slot : undefined);
    texts.ahead = isBare ? 0 : Math.max(0, chars - left);
    left -= Math.min(chars, left);
  }
}

/** Takes the next `chars` visible units of a text. What a breakpoint covers it covers still: it stays with the end. */
function emitHead(walk: Walk, chars: number, slot: TextSlot): void {
  const { texts, turn, placed } = walk;
  const piece = texts.pieces[texts.next] as Piece;
  const text = textOf(piece.part);
  const at = cutAfter(text, texts.cutAt, chars);
  const { cacheControl: _, ...bare } = piece.part;
  if (texts.cutAt === 0) placeBefore(walk, piece);
  const part = { ...bare, text: text.slice(texts.cutAt, at) } as Part;
  placed.push(signedPiece({ ...piece, part }, slot, turn.issuer.format));
  texts.cutAt = at;
  texts.cutChars += chars;
}

/** Takes a text that is not cut, or what is left of one that was. */
function emitRest(walk: Walk, slot: TextSlot | undefined): void {
  const { texts, turn, placed } = walk;
  const { cutAt } = texts;
  if (cutAt === 0) return emit(walk, texts, slot);
  const piece = texts.pieces[texts.next] as Piece;
  const part = { ...piece.part, text: textOf(piece.part).slice(cutAt) } as Part;
  placed.push(signedPiece({ ...piece, part }, slot, turn.issuer.format));
  texts.next += 1;
  texts.cutAt = 0;
  texts.cutChars = 0;
}
