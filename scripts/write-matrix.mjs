/** Plays the behaviour of every provider record and writes docs/providers.md; says which cells are broken. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { CELLS, verdictOf } from '../packages/llm/test/matrix/play-matrix.ts';
import { renderMatrix } from '../packages/llm/test/matrix/render-matrix.ts';

const PAGE = path.join(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'), 'docs/providers.md');

/** Writes the page even when cells are broken, so that it shows them; resolves to the exit code. */
export async function main() {
  const played = [];
  for (const cell of CELLS) played.push([cell, await verdictOf(cell)]);
  await writeFile(PAGE, renderMatrix(played));
  const broken = played.filter(([, verdict]) => typeof verdict === 'object');
  for (const [{ row, behaviour }, verdict] of broken)
    process.stdout.write(`broken   ${row.id}, ${row.way}, ${behaviour}: ${verdict.broken}\n`);
  process.stdout.write(`${played.length} cells are played; docs/providers.md is written.\n`);
  return broken.length === 0 ? 0 : 1;
}
