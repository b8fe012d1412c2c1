import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { changesBetween } from './changes-between.ts';

describe('changes between two states', () => {
  it('names each member that differs by where it is', () => {
    const before = { name: 'One', auth: { type: 'api_key', fields: { apiKey: '****1' } }, tags: ['a'] };
    const after = { name: 'One', auth: { type: 'api_key', fields: { apiKey: '****2' } }, tags: ['a', 'b'] };
    assert.deepEqual(changesBetween(before, after), [
      { field: 'auth.fields.apiKey', before: '****1', after: '****2' },
      { field: 'tags', before: ['a'], after: ['a', 'b'] },
    ]);
  });

  it('tells what came and what has gone', () => {
    assert.deepEqual(changesBetween({ old: 1, same: null }, { fresh: { deep: true }, same: null }), [
      { field: 'old', before: 1, after: undefined },
      { field: 'fresh.deep', before: undefined, after: true },
    ]);
    assert.deepEqual(changesBetween(undefined, { name: 'One' }), [{ field: 'name', before: undefined, after: 'One' }]);
    assert.deepEqual(changesBetween({ name: 'One' }, undefined), [{ field: 'name', before: 'One', after: undefined }]);
  });

  it('takes a value that became an object for one change', () => {
    assert.deepEqual(changesBetween({ price: 1 }, { price: { input: 1 } }), [
      { field: 'price', before: 1, after: { input: 1 } },
    ]);
  });

  it('finds none between two that are the same, and none between nothing and an empty object', () => {
    assert.deepEqual(changesBetween({ a: [1, { b: 2 }], c: {} }, { a: [1, { b: 2 }], c: {} }), []);
    assert.deepEqual(changesBetween(undefined, {}), []);
    assert.deepEqual(changesBetween(undefined, undefined), []);
  });
});
