import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { repeatedWindows } from './check-copies.mjs';

const numbered = (from, count) => Array.from({ length: count }, (_, index) => `line(${from + index});`).join('\n');

describe('repeated windows', () => {
  it('counts none where every line differs', () => {
    const { total, repeated } = repeatedWindows([{ path: 'a.ts', code: numbered(0, 20) }]);
    assert.deepEqual([total, repeated], [15, 0]);
  });

  it('counts both places of a copy and names them', () => {
    const files = [
      { path: 'a.ts', code: numbered(0, 6) },
      { path: 'b.ts', code: `other();\n${numbered(0, 6)}` },
    ];
    const { repeated, example } = repeatedWindows(files);
    assert.equal(repeated, 2);
    assert.equal(example, 'a.ts:1 and b.ts:2');
  });

  it('does not count imports', () => {
    const imports = Array.from({ length: 8 }, (_, index) => `import { x${index} } from './x.ts';`).join('\n');
    assert.equal(
      repeatedWindows([
        { path: 'a.ts', code: imports },
        { path: 'b.ts', code: imports },
      ]).total,
      0,
    );
  });
});
