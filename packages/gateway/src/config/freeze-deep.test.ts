import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { freezeDeep } from './freeze-deep.ts';

describe('a deeply frozen value', () => {
  it('is the same value, with everything in it frozen', () => {
    const value = { list: [{ a: 1 }], map: new Map([['x', ['y']]]), none: null, text: 'text' };
    assert.equal(freezeDeep(value), value);
    for (const each of [value, value.list, value.list[0], value.map.get('x')]) assert.ok(Object.isFrozen(each));
  });

  it('may hold itself', () => {
    const value: { self?: unknown } = {};
    value.self = value;
    assert.ok(Object.isFrozen(freezeDeep(value)));
  });
});
