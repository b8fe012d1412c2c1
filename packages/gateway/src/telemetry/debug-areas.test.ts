import assert from 'node:assert/strict';
import { it } from 'node:test';

import { areaFilter } from './debug-areas.ts';

const told = (patterns: readonly string[], ...areas: readonly string[]): readonly string[] => {
  const filter = areaFilter(patterns);
  return filter === undefined ? [] : areas.filter((each) => filter(each));
};

it('a star stands for anything, and a minus takes out', () => {
  const areas = ['dynamic-providers:registry', 'patchbay:calls', 'patchbay:management'];
  assert.deepEqual(told(['dynamic-providers:*'], ...areas), ['dynamic-providers:registry']);
  assert.deepEqual(told(['*', '-patchbay:calls'], ...areas), ['dynamic-providers:registry', 'patchbay:management']);
  assert.deepEqual(told(['patchbay:calls'], ...areas), ['patchbay:calls']);
  assert.deepEqual(told(['*:registry', 'patchbay:m*t'], ...areas), [areas[0], areas[2]]);
});

it('characters of patterns stand for themselves, and no pattern lets nothing in', () => {
  assert.deepEqual(told(['a.c'], 'abc', 'a.c'), ['a.c']);
  assert.equal(areaFilter([]), undefined);
  assert.equal(areaFilter(['-a']), undefined);
});
