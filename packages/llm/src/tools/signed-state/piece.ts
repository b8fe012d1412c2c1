import type { WireFormatId } from '../../model/extras.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ReasoningPart } from '../../model/part.ts';
import { isSpace } from './digest.ts';
import { completedThought, isSigned, stateIn, withState } from './part-state.ts';
import { membersName, thoughtName, type Slot } from './signed-turn.ts';

/** A part of an assistant message, on its way into the request that is sent. */
export interface Piece {
  readonly part: Part;
  /** Index of the message that the client sent it in; absent for what it did not send. */
  readonly message?: number;
  /** What was put back here, in plain words. */
  readonly restored?: string;
}

/** The parts of messages that stand together, in order. */
export const piecesOf = (messages: readonly Message[], from: number, to: number): readonly Piece[] =>
  messages.slice(from, to).flatMap(({ content }, at) => content.map((part) => ({ part, message: from + at })));

/** A thought put back whole. */
export const thoughtPiece = (part: ReasoningPart): Piece => ({ part, restored: thoughtName(part) });

/** A client's part with the state of its slot, if there is any that it lacks. */
export function signedPiece(piece: Piece, slot: Slot | undefined, format: WireFormatId): Piece {
  if (slot === undefined || slot.kind === 'thought' || slot.state === undefined) return piece;
  const part = withState(piece.part, format, slot.state);
  return part === piece.part ? piece : { ...piece, part, restored: membersName(slot.state) };
}

/** Visible UTF-16 units of a text. */
export function visibleChars(text: string): number {
  let chars = 0;
  for (let index = 0; index < text.length; index += 1) if (!isSpace(text.charCodeAt(index))) chars += 1;
  return chars;
}

/** Where a text, read from `from`, has shown `chars` visible units and the white space behind them. */
export function cutAfter(text: string, from: number, chars: number): number {
  let seen = 0;
  for (let index = from; index < text.length; index += 1) {
    if (isSpace(text.charCodeAt(index))) continue;
    if (seen === chars) return index;
    seen += 1;
  }
  return text.length;
}

/** What the client itself sent of the thoughts of a turn. */
export interface OwnThoughts {
  /** By slot of the turn, what the client sent of it. */
  readonly bySlot: ReadonlyMap<number, Piece>;
  /** Thoughts that the turn does not know, and that stay where they are. */
  readonly others: ReadonlySet<Piece>;
  /** By each piece that stays, what becomes of it; the rest makes way. */
  readonly staying: ReadonlyMap<Piece, Piece>;
  /** Whether the thoughts that the client did not send are put back. */
  readonly restores: boolean;
}

/**
 * Compares the client's thoughts with a turn's. What it signed otherwise is its own affair: the result is then
 * `undefined` and the turn is left alone. Words of thoughts that lost their signature make way for the signed thoughts.
 */
export function ownThoughts(
  pieces: readonly Piece[],
  slots: readonly Slot[],
  format: WireFormatId,
): OwnThoughts | undefined {
  const known = knownThoughts(slots, format);
  const bySlot = new Map<number, Piece>();
  const staying = new Map<Piece, Piece>();
  const unknown: Piece[] = [];
  let behind = -1;
  for (const piece of pieces) {
    if (piece.part.type !== 'reasoning') continue;
    const at = known.take(markOf(piece.part, format), behind);
    const slot = at === undefined ? undefined : slots[at];
    if (at !== undefined && slot?.kind === 'thought') {
      const own = completedPiece(piece, piece.part, slot.part, format);
      bySlot.set(at, own);
      staying.set(piece, own);
      behind = at;
    } else if (isSigned(piece.part, format)) return undefined;
    else unknown.push(piece);
  }
  const missing = slots.flatMap((slot, at) => (slot.kind === 'thought' && !bySlot.has(at) ? [slot.part] : []));
  const givesWay = missing.some((part) => isSigned(part, format));
  const others = new Set(givesWay ? [] : unknown);
  for (const piece of others) staying.set(piece, piece);
  return { bySlot, others, staying, restores: missing.length > 0 && (givesWay || unknown.length === 0) };
}

function completedPiece(piece: Piece, sent: ReasoningPart, own: ReasoningPart, format: WireFormatId): Piece {
  const part = completedThought(sent, own, format);
  return part === sent ? piece : { ...piece, part, restored: thoughtName(own) };
}

interface KnownThoughts {
  /** The next slot behind `behind` with this mark. */
  take(mark: string, behind: number): number | undefined;
}

function knownThoughts(slots: readonly Slot[], format: WireFormatId): KnownThoughts {
  const byMark = new Map<string, { readonly slots: number[]; next: number }>();
  for (const [at, slot] of slots.entries()) {
    if (slot.kind !== 'thought') continue;
    const mark = markOf(slot.part, format);
    const known = byMark.get(mark);
    if (known === undefined) byMark.set(mark, { slots: [at], next: 0 });
    else known.slots.push(at);
  }
  return {
    take(mark, behind) {
      const known = byMark.get(mark);
      if (known === undefined) return undefined;
      while ((known.slots[known.next] ?? Infinity) <= behind) known.next += 1;
      return known.slots[known.next];
    },
  };
}

/** By what one thought is the same as another: what its provider signed, or its words where nothing is signed. */
function markOf(part: ReasoningPart, format: WireFormatId): string {
  const { signature = '', redacted } = part;
  if (signature !== '' || redacted !== undefined) return JSON.stringify([signature, redacted ?? null]);
  return JSON.stringify(stateIn(part.extras, format) ?? part.text.trim());
}
