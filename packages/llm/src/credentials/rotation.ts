import type { Seat } from './seat.ts';

/** Ways to choose among the accounts that may be used. */
export const ROTATIONS = ['round-robin', 'weighted', 'least-used', 'fill-first', 'cheapest', 'affinity'] as const;
/** One of them. */
export type Rotation = (typeof ROTATIONS)[number];

/** What a choice goes by. */
export interface Turn {
  /** Counts the choices, from 1. */
  readonly turn: number;
  /** The conversation, as a number of 32 bits; absent where it is not known. */
  readonly key?: number;
}

/** Chooses one of at least one. */
export type Choose = (seats: readonly [Seat, ...Seat[]], turn: Turn) => Seat;

const inTurn: Choose = (seats, { turn }) => seats[(turn - 1) % seats.length] ?? seats[0];

/** The first of those that have the least of something. */
const leastOf =
  (amount: (seat: Seat) => number): Choose =>
  (seats) =>
    seats.reduce((best, seat) => (amount(seat) < amount(best) ? seat : best));

const weightOf = ({ facts: { weight = 1 } }: Seat): number => Math.max(0, weight);

/** Each gets as many turns in a row as it weighs, beside the others. */
const byWeight: Choose = (seats, { turn }) => {
  const total = seats.reduce((sum, seat) => sum + weightOf(seat), 0);
  if (total <= 0) return seats[0];
  // Halves and tenths count, too: the golden ratio spreads turns evenly whatever the weights add up to.
  let left = ((turn * GOLDEN) % 1) * total;
  for (const seat of seats) {
    left -= weightOf(seat);
    if (left < 0) return seat;
  }
  return seats[0];
};
const GOLDEN = 0.618_033_988_749_895;

/**
 * One conversation stays with one account, which has it in its cache, and moves on only while that one rests: each
 * account draws a number from the conversation, and the highest wins.
 */
const byConversation: Choose = (seats, turn) => {
  const { key } = turn;
  if (key === undefined) return inTurn(seats, turn);
  return leastOf((seat) => -mixed(key ^ hashOfText(seat.id)))(seats, turn);
};

/** The ways to choose, by name. */
export const CHOOSE: Readonly<Record<Rotation, Choose>> = {
  'round-robin': inTurn,
  weighted: byWeight,
  'least-used': leastOf(({ uses }) => uses),
  'fill-first': (seats) => seats[0],
  cheapest: leastOf(({ facts: { priceFactor = 1 } }) => priceFactor),
  affinity: byConversation,
};

/** A number of 32 bits for a text (FNV-1a): spreads well, keeps nothing secret. */
export function hashOfText(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Every bit of the result hangs on every bit of `value`. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
