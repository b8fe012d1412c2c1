import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { PartDelta, StreamEvent } from '../model/event.ts';
import type { Part } from '../model/part.ts';
import { checkEventGrammar } from './event-grammar.ts';

const START: StreamEvent = { type: 'response-start', id: 'a', model: 'm', createdAtMs: 0 };
const FINISH: StreamEvent = { type: 'finish', finish: { reason: 'stop' } };
const FAILURE: StreamEvent = { type: 'failure', failure: { kind: 'network', message: 'gone' } };
const TEXT: Part = { type: 'text', text: '' };
const CALL: Part = { type: 'tool-call', id: 'c', name: 'f', argumentsJson: '' };

const open = (index: number, part: Part): StreamEvent => ({ type: 'part-start', index, part });
const close = (index: number): StreamEvent => ({ type: 'part-end', index });
const grow = (index: number, delta: PartDelta): StreamEvent => ({ type: 'part-delta', index, delta });
const say = (index: number): StreamEvent => grow(index, { type: 'text', text: 'a' });
const whole = (...between: readonly StreamEvent[]): readonly StreamEvent[] => [START, ...between, FINISH];

const LEGAL: readonly (readonly [string, readonly StreamEvent[]])[] = [
  ['an answer without parts', whole()],
  ['a failure that comes first', [FAILURE]],
  ['a failure that cuts a part short', [START, open(0, TEXT), FAILURE]],
  ['parts one after another', whole(open(0, TEXT), say(0), close(0), { type: 'ping' }, open(1, CALL), close(1))],
  [
    'calls side by side',
    whole(open(0, CALL), open(1, CALL), grow(0, { type: 'arguments', json: '' }), close(0), close(1)),
  ],
];

const ILLEGAL: readonly (readonly [string, readonly StreamEvent[], RegExp])[] = [
  ['no end', [START], /no finish or failure/],
  ['two ends', [...whole(), FAILURE], /event 2 \(failure\): comes after the end/],
  ['a ping after the end', [...whole(), { type: 'ping' }], /comes after the end/],
  ['a finish without a start', [FINISH], /comes before the start/],
  ['two starts', whole(START), /starts the answer again/],
  ['an index left out', whole(open(1, TEXT), close(1)), /index 1 where 0 is next/],
  ['an index used twice', whole(open(0, TEXT), close(0), open(0, TEXT), close(0)), /index 0 where 1 is next/],
  ['a part that never ends', whole(open(0, TEXT)), /parts 0 are still open/],
  ['an end without a part', whole(close(0)), /part 0 is not open/],
  ['a delta behind the end of its part', whole(open(0, TEXT), close(0), say(0)), /part 0 is not open/],
  ['text in a call', whole(open(0, CALL), say(0), close(0)), /text does not fit a part of kind tool-call/],
  ['text beside a call', whole(open(0, CALL), open(1, TEXT), close(0), close(1)), /text starts while another/],
  ['a call beside text', whole(open(0, TEXT), open(1, CALL), close(0), close(1)), /tool-call starts while text/],
];

describe('the grammar of stream events', () => {
  for (const [name, events] of LEGAL) it(`allows ${name}`, () => assert.deepEqual(checkEventGrammar(events), []));
  for (const [name, events, complaint] of ILLEGAL)
    it(`finds ${name}`, () => {
      const [first, ...more] = checkEventGrammar(events);
      assert.match(first ?? '', complaint);
      assert.deepEqual(more, []);
    });
});
