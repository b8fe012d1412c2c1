import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undocumented } from './check-docs.mjs';

describe('docstrings', () => {
  it('asks for one above every exported function and constant', () => {
    const text = '/** Said. */\nexport const a = 1;\nexport async function b() {}\nconst c = 2;\n';
    assert.deepEqual(undocumented({ path: 'packages/gateway/src/x.ts', text }), [
      'packages/gateway/src/x.ts:3 b has no docstring',
    ]);
  });

  it('asks for one above the types of the published library only', () => {
    const text = 'export interface A {}\nexport type B = string;\n';
    assert.equal(undocumented({ path: 'packages/llm/src/x.ts', text }).length, 2);
    assert.equal(undocumented({ path: 'packages/gateway/src/x.ts', text }).length, 0);
  });
});
