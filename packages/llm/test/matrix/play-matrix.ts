import { BEHAVIOURS, type BehaviourId } from './behaviours.ts';
import { CHAT } from './chat-behaviours.ts';
import { ROWS, type Row } from './rows.ts';
import { VECTORS } from './vector-behaviours.ts';

/** One provider in one way, held to one behaviour. */
export interface Cell {
  readonly row: Row;
  readonly behaviour: BehaviourId;
  /** Absent where the behaviour is one of conversations and the provider has none. */
  readonly play?: () => Promise<void>;
}

/** Every cell, row by row. */
export const CELLS: readonly Cell[] = ROWS.flatMap((row) =>
  BEHAVIOURS.map(([behaviour]): Cell => {
    const holds = (row.kind === 'chat' ? CHAT : VECTORS)[behaviour];
    return { row, behaviour, ...(holds !== undefined && { play: () => holds(row) }) };
  }),
);

/** What came of a cell: nothing to hold to, or whether it holds and why not. */
export type Verdict = 'none' | 'holds' | { readonly broken: string };

/** Plays a cell. */
export async function verdictOf({ play }: Cell): Promise<Verdict> {
  if (play === undefined) return 'none';
  try {
    await play();
    return 'holds';
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}
