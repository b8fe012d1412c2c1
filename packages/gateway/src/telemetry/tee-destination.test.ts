import assert from 'node:assert/strict';
import { it } from 'node:test';

import { recentLines } from './recent-lines.ts';
import { teeDestination } from './tee-destination.ts';

it('others hear each line once, also where the first takes none', () => {
  const taken: string[] = [];
  let isOpen = false;
  const lines = recentLines();
  const write = teeDestination(
    (text) => {
      if (isOpen) taken.push(text);
      return isOpen;
    },
    [(text) => lines.add(text)],
  );
  assert.equal(write('one\n'), false);
  assert.equal(write('one\ntwo\n'), false);
  assert.equal(lines.text(), 'one\ntwo\n');
  isOpen = true;
  assert.equal(write('one\ntwo\nthree\n'), true);
  assert.equal(write('four\n'), true);
  assert.equal(lines.text(), 'one\ntwo\nthree\nfour\n');
  assert.deepEqual(taken, ['one\ntwo\nthree\n', 'four\n']);
});

it('the newest lines are kept as far as there is room', () => {
  const lines = recentLines(10);
  for (const each of ['first\n', 'second\n', 'third\n']) lines.add(each);
  assert.equal(lines.text(), 'third\n');
  lines.add('longer than there is room\n');
  assert.equal(lines.text(), 'longer than there is room\n');
});
