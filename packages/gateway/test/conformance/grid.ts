import { CLIENTS, UPSTREAMS } from './sides.ts';
import { FEATURES } from './features/features.ts';
import { cellName, runCell, type Cell, type Verdict } from './run-cell.ts';
import { openStage, recordOf, type Stage } from './stage.ts';

/** A cell and how it turned out. */
export interface Played {
  readonly cell: Cell;
  readonly verdict: Verdict;
}

/** Cells that are played side by side; cancelled and retried ones wait for much of their time. */
const SIDE_BY_SIDE = 12;

/** Every cell of the grid. */
export const allCells = (): readonly Cell[] =>
  FEATURES.flatMap((feature) =>
    CLIENTS.flatMap((client) => UPSTREAMS.map((upstream) => ({ feature, client, upstream }))),
  );

/** Plays the cells on a stage of their own; in their order. */
export async function playGrid(cells: readonly Cell[] = allCells()): Promise<readonly Played[]> {
  const stage = await openStage(cells.map((cell) => recordOf(cell.upstream, cellName(cell))));
  try {
    return await playOn(stage, cells);
  } finally {
    await stage.close();
  }
}

async function playOn(stage: Stage, cells: readonly Cell[]): Promise<readonly Played[]> {
  const played: Played[] = [];
  const waiting = cells.entries();
  const worker = async (): Promise<void> => {
    for (const [at, cell] of waiting) played[at] = { cell, verdict: await runCell(stage, cell) };
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return played;
}
