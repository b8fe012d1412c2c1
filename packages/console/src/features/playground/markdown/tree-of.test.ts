import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createReader, safeAddress, type Node } from './tree-of.ts';

const read = createReader();

/** Types and texts, the way they lie within one another. */
const shape = (nodes: readonly Node[]): readonly unknown[] =>
  nodes.map(({ type, text, within }) => (within.length === 0 ? [type, text] : [type, ...shape(within)]));

describe('Markdown', () => {
  it('is a tree of blocks and of what stands in a line', () => {
    assert.deepEqual(shape(read('A **b** `c`\n\n- d\n  - e') ?? []), [
      ['paragraph', ['inline', ['text', 'A '], ['strong', ['text', 'b']], ['text', ' '], ['code_inline', 'c']]],
      [
        'bullet_list',
        [
          'list_item',
          ['paragraph', ['inline', ['text', 'd']]],
          ['bullet_list', ['list_item', ['paragraph', ['inline', ['text', 'e']]]]],
        ],
      ],
    ]);
  });

  it('has HTML as text, and code that has not ended yet as code', () => {
    assert.deepEqual(shape(read('<script>alert(1)</script>') ?? []), [
      ['paragraph', ['inline', ['text', '<script>alert(1)</script>']]],
    ]);
    assert.deepEqual(shape(read('```ts\nconst a') ?? []), [['fence', 'const a']]);
  });

  it('is left as it is where it is very long', () => {
    assert.equal(read('a'.repeat(200_001)), undefined);
    assert.ok(read('*a_'.repeat(60_000)));
    assert.ok(read('>'.repeat(100_000)));
  });

  it('leads to pages and to mail, and nowhere else', () => {
    assert.equal(safeAddress('https://a.example/b'), 'https://a.example/b');
    assert.equal(safeAddress('mailto:a@b.example'), 'mailto:a@b.example');
    for (const href of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', '/api/admin', 'file:///etc'])
      assert.equal(safeAddress(href), undefined, href);
  });
});
