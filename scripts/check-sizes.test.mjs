import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileProblems } from './check-sizes.mjs';

describe('file sizes', () => {
  it('counts lines of code and not blank ones', () => {
    const files = [
      { path: 'a.ts', code: 'a\n\n  \nb\n' },
      { path: 'b.ts', code: 'a\nb\nc\n' },
    ];
    assert.deepEqual(fileProblems(files, { fileLines: 2 }), [
      { path: 'b.ts', what: 'has 3 lines of code; the limit is 2' },
    ]);
  });
});
