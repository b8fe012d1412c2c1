import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readPartialJson } from './partial-json.ts';

describe('JSON that has not come to its end', () => {
  for (const [text, value] of [
    ['', undefined],
    ['{', {}],
    ['{"a', {}],
    ['{"a"', {}],
    ['{"a":', {}],
    ['{"a":"wo', { a: 'wo' }],
    ['{"a":"x\\', { a: 'x' }],
    ['{"a":"x\\u00', { a: 'x' }],
    ['{"a":"x\\\\', { a: 'x\\' }],
    ['{"a":1,"b":tr', { a: 1 }],
    ['{"a":1,"b', { a: 1 }],
    ['[1,{"b":[2', [1, { b: [2] }]],
    ['[{"a":"},"},', [{ a: '},' }]],
    ['{"a":1}', { a: 1 }],
  ] as const)
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readPartialJson(text), value);
    });

  it('never takes back what it said, wherever the text is cut', () => {
    const whole = { name: 'Ada "Lovelace"', years: [1815, 1852], of: { deep: [true, null, 'x\ny'] } };
    const text = JSON.stringify(whole);
    for (let at = 1; at <= text.length; at += 1) {
      const value = readPartialJson(text.slice(0, at));
      assert.notEqual(value, undefined, text.slice(0, at));
    }
    assert.deepEqual(readPartialJson(text), whole);
  });
});
