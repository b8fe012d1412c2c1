import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { createTraceBook } from './trace-book.ts';

const OWNER = { keyId: 'k' };

describe('a book of traces', () => {
  it('wants a trace only where the header says so', () => {
    const book = createTraceBook({ clock: systemClock, newId: () => 'id' });
    assert.equal(book.wants({}), false);
    assert.equal(book.wants({ 'x-trace-enabled': 'false' }), false);
    assert.equal(book.wants({ 'x-trace-enabled': 'true' }), true);
    assert.equal(book.wants({ 'x-trace-enabled': '1' }), true);
  });

  it('forgets the oldest, and finds the newest of an id', () => {
    let number = 0;
    const book = createTraceBook({ clock: systemClock, newId: () => String((number += 1)), keptMax: 2 });
    for (const requestId of ['a', 'b', 'a']) book.begin({ headers: {}, requestId, owner: OWNER });
    assert.equal(book.find('1'), undefined);
    assert.equal(book.find('a')?.id, '3');
    assert.deepEqual(
      book.recent(5).map(({ id }) => id),
      ['3', '2'],
    );
  });

  it('keeps steps, texts and headers within bounds', () => {
    const trace = createTraceBook({ clock: systemClock, newId: () => 'id' }).begin({
      headers: {},
      requestId: 'r',
      owner: OWNER,
    });
    for (let step = 0; step < 300; step += 1)
      trace.step(`step-${step}`, { text: 'x'.repeat(5000), list: Array(50).fill('y') });
    const { steps, droppedSteps } = trace.show();
    assert.deepEqual([steps.length, droppedSteps], [200, 100]);
    assert.equal(String(steps[0]?.facts?.['text']).length, 301);
    assert.deepEqual(steps[0]?.facts?.['list'], Array(20).fill('y'));
    assert.ok(trace.headers()['x-trace-steps'].length <= 1024);
  });
});
