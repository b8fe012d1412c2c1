import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';

import { allCells, playGrid, type Played } from './grid.ts';
import { FEATURES } from './features/features.ts';
import { renderGrid } from './render-grid.ts';

const PAGE = new URL('../../../../docs/conformance.md', import.meta.url);

describe('what is said in one dialect is heard in every other', () => {
  let played: readonly Played[] = [];
  before(async () => {
    played = await playGrid();
  });

  for (const feature of FEATURES)
    it(feature.title, () => {
      const mine = played.filter(({ cell }) => cell.feature === feature);
      assert.equal(mine.length, allCells().length / FEATURES.length);
      const red = mine.flatMap(({ cell, verdict }) =>
        verdict.state === 'red' ? [`${cell.client.id} from ${cell.upstream.id}: ${verdict.reason}`] : [],
      );
      assert.deepEqual(red, []);
    });

  it('is what docs/conformance.md says; `npm run conformance` writes it anew', async () => {
    assert.equal(renderGrid(played), await readFile(PAGE, 'utf8'));
  });
});
