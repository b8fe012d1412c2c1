import assert from 'node:assert/strict';
import { it } from 'node:test';

import { coveragePage, filesIn, sharesByPackage, spans } from './read-lcov.mjs';

const LCOV = `TN:
SF:packages/b/src/two.ts
DA:1,1
DA:2,0
DA:3,0
DA:5,0
end_of_record
SF:packages/a/src/<one>.ts
DA:1,4
end_of_record
`;

it('reports are read file by file and summed by package', () => {
  const files = filesIn(LCOV);
  assert.deepEqual(files, [
    { name: 'packages/a/src/<one>.ts', lines: 1, hit: 1, missed: [] },
    { name: 'packages/b/src/two.ts', lines: 4, hit: 1, missed: [2, 3, 5] },
  ]);
  assert.deepEqual(
    sharesByPackage(files).map(({ name, percent }) => [name, percent]),
    [
      ['packages/a', 100],
      ['packages/b', 25],
      ['all', 40],
    ],
  );
});

it('the page shows the worst file first, and names as they are', () => {
  const page = coveragePage(filesIn(LCOV));
  assert.ok(page.indexOf('two.ts') < page.indexOf('&lt;one>.ts'));
  assert.match(page, /2-3, 5/);
  assert.equal(spans([1, 2, 3]), '1-3');
});
