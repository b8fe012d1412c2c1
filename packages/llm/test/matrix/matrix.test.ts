import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { PROVIDERS } from '../../src/index.ts';
import { UPSTREAM_FORMATS } from '../../src/wire/registry.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { CELLS, verdictOf, type Cell, type Verdict } from './play-matrix.ts';
import { renderMatrix } from './render-matrix.ts';
import { ROWS } from './rows.ts';

const PAGE = new URL('../../../../docs/providers.md', import.meta.url);

describe('the matrix', () => {
  it('has every provider record, and every wire format', () => {
    assert.deepEqual(new Set(ROWS.map(({ id }) => id)), new Set(Object.keys(PROVIDERS)));
    const formats = ROWS.flatMap(({ record }) => record.speaks.map(({ format }) => format));
    assert.deepEqual(new Set(formats), new Set(Object.keys(UPSTREAM_FORMATS)));
  });

  it('names every row once', () => {
    const names = ROWS.map(({ id, way }) => `${id}: ${way}`);
    assert.deepEqual(names, [...new Set(names)]);
  });
});

const played: (readonly [Cell, Verdict])[] = [];

for (const [behaviour, title] of BEHAVIOURS)
  describe(`every provider: ${title}`, () => {
    for (const cell of CELLS.filter((each) => each.behaviour === behaviour))
      it(`${cell.row.id}, ${cell.row.way}`, async () => {
        const verdict = await verdictOf(cell);
        played.push([cell, verdict]);
        if (typeof verdict === 'object') assert.fail(verdict.broken);
      });
  });

describe('docs/providers.md', () => {
  it('is what was played; `npm run matrix` writes it anew', async () => {
    const inOrder = played.toSorted(([one], [other]) => CELLS.indexOf(one) - CELLS.indexOf(other));
    assert.equal(renderMatrix(inOrder), await readFile(PAGE, 'utf8'));
  });
});
