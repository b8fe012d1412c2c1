/** Plays the grid of dialects and writes docs/conformance.md; says which cells are red. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { playGrid } from '../packages/gateway/test/conformance/grid.ts';
import { renderGrid } from '../packages/gateway/test/conformance/render-grid.ts';

const PAGE = path.join(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'), 'docs/conformance.md');

/** Writes the page even when cells are red, so that it shows them; resolves to the exit code. */
export async function main() {
  const played = await playGrid();
  await writeFile(PAGE, renderGrid(played));
  const red = played.filter(({ verdict }) => verdict.state === 'red');
  for (const { cell, verdict } of red)
    process.stdout.write(`red   ${cell.feature.id}, ${cell.client.id} from ${cell.upstream.id}: ${verdict.reason}\n`);
  process.stdout.write(
    `${played.length - red.length} of ${played.length} cells hold; docs/conformance.md is written.\n`,
  );
  return red.length === 0 ? 0 : 1;
}
