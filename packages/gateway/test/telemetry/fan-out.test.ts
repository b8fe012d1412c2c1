import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { CallRecord } from '../../src/telemetry/call-record.ts';
import { fanOut } from '../../src/telemetry/fan-out.ts';
import { sampleCall } from '../support/sample-call.ts';

const failing = (message: string) => ({
  record: (): void => {
    throw new Error(message);
  },
});

describe('fan-out', () => {
  it('hands every record to every sink, past those that throw', () => {
    const first: CallRecord[] = [];
    const second: CallRecord[] = [];
    const sinks = [failing('a'), { record: (call: CallRecord) => first.push(call) }, failing('b')];
    const sink = fanOut([...sinks, { record: (call) => second.push(call) }], () => {});
    const call = sampleCall();
    sink.record(call);
    assert.deepEqual([first, second], [[call], [call]]);
  });

  it('counts every loss and reports the first of each sink', () => {
    const reported: unknown[] = [];
    const sink = fanOut([failing('a'), failing('b')], (error) => reported.push(error));
    for (let call = 0; call < 1000; call += 1) sink.record(sampleCall());
    assert.equal(sink.lost, 2000);
    assert.deepEqual(
      reported.map((error) => (error as Error).message),
      ['a', 'b'],
    );
  });

  it('has lost nothing while all sinks take what they are given', () => {
    const sink = fanOut([{ record: () => {} }], (error) => assert.fail(String(error)));
    sink.record(sampleCall());
    assert.equal(sink.lost, 0);
  });
});
