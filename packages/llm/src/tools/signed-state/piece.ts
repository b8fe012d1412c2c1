import type { WireFormatId } from '../../model/extras.ts';
import type { Message } from '../../model/message.ts';
import type { Part, ReasoningPart } from '../../model/part.ts';
import { isSpace } from './digest.ts';
import { isSigned, stateIn, withState } from './part-state.ts';
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
  /** By slot of the turn, the client's own piece. */
  readonly bySlot: ReadonlyMap<number, Piece>;
  /** Thoughts that stay where they are, although the turn does not know them. */
  readonly others: ReadonlySet<Piece>;
  /** Whether the thoughts that it did not send are put back. */
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
  const sent = pieces.filter(({ part }) => part.type === 'reasoning');
  const known = knownThoughts(slots, format);
  const bySlot = new Map<number, Piece>();
  const others = new Set<Piece>();
  let behind = -1;
  for (const piece of sent) {
    const thought = piece.part as ReasoningPart;
    const slot = known.take(markOf(thought, format), behind);
    if (slot !== undefined) {
      bySlot.set(slot, piece);
      behind = slot;
    } else if (isSigned(thought, format)) return undefined;
    else others.add(piece);
  }
  const missing = slots.flatMap((slot, at) => (slot.kind === 'thought' && !bySlot.has(at) ? [slot.part] : []));
  if (others.size === 0) return { bySlot, others, restores: missing.length > 0 };
  const restores = missing.some((part) => isSigned(part, format));
  return { bySlot, others: restores ? new Set() : others, restores };
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

/** By what one thought is the same as another: its opaque members, or its words where it has none. */
function markOf(part: ReasoningPart, format: WireFormatId): string {
  const opaque = [part.signature ?? '', part.redacted ?? null, stateIn(part.extras?.[format], format) ?? null];
  return JSON.stringify(isSigned(part, format) ? opaque : part.text.trim());
}
