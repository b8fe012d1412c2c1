import assert from 'node:assert/strict';
import { it } from 'node:test';

import { createPathTable } from './path-table.ts';

const ENTRIES = [
  { path: '/things/{id}', methods: ['GET', 'DELETE'] },
  { path: '/things/export', methods: ['GET', 'POST'] },
  { path: '/things', methods: ['GET'] },
  { path: '/things/{id}/parts/{part}', methods: ['PUT'] },
];
const table = createPathTable(ENTRIES);

it('a path is found with its parameters filled in, and without a closing slash', () => {
  assert.equal(table.find('/things/7')?.path, '/things/{id}');
  assert.equal(table.find('/things/export/')?.path, '/things/export');
  assert.equal(table.find('/things/7/parts/a%2Fb')?.path, '/things/{id}/parts/{part}');
  for (const path of ['/thing', '/things/7/parts', '/things/7/8', '/x/things', ''])
    assert.equal(table.find(path), undefined, path);
});

it('a path without parameters is kept from the methods of one with them', () => {
  assert.deepEqual(table.shadowed(ENTRIES[1] ?? assert.fail()), ['DELETE']);
  assert.deepEqual(table.shadowed(ENTRIES[2] ?? assert.fail()), []);
});
