import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '@patchbay/llm/model/event';
import type { GenerationRequest } from '@patchbay/llm/model/request';
import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import type { UpstreamCodec } from '@patchbay/llm/wire/codec';
import { anthropicMessages } from '@patchbay/llm/wire/anthropic-messages/index';
import { openAiChat } from '@patchbay/llm/wire/openai-chat/index';

import type { GrammarViolation } from '../telemetry/call-record.ts';
import type { StreamLane } from './speech.ts';
import { translateSpeech } from './translate-speech.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };
const START: StreamEvent = { type: 'response-start', id: 'a', model: 'm', createdAtMs: 0 };
const OPEN: StreamEvent = { type: 'part-start', index: 0, part: { type: 'text', text: '' } };
const CLOSE: StreamEvent = { type: 'part-end', index: 0 };
const FINISH: StreamEvent = { type: 'finish', finish: { reason: 'stop' } };

/** A codec whose frames are events as they are, so that a stream can say what no decoder of ours says. */
const frank: UpstreamCodec<object> = {
  ...openAiChat,
  decodeStream: () => ({
    initial: () => ({}),
    step: (_, { data }) => [JSON.parse(data) as StreamEvent],
    end: () => [],
  }),
};

function laneOf(upstream: UpstreamCodec<object>): StreamLane {
  return translateSpeech({
    client: anthropicMessages,
    upstream,
    dialect: {},
    request: REQUEST,
    names: { id: 'r', model: 'm', createdAtMs: 0 },
    inputTokensEstimate: 1,
    observe: () => ({ step: () => undefined, end: () => Promise.resolve() }),
  }).stream();
}

function broken(...events: readonly StreamEvent[]): readonly (GrammarViolation['rule'] | undefined)[] {
  const lane = laneOf(frank);
  for (const event of events) lane.push(Buffer.from(encodeFrame({ event: '', data: JSON.stringify(event) })));
  lane.end();
  return (lane.violations ?? []).map(({ rule }) => rule);
}

describe('a translated stream that leaves the grammar of events', () => {
  it('is noted with the format of its upstream', () => {
    const lane = laneOf(frank);
    lane.push(Buffer.from(encodeFrame({ event: '', data: JSON.stringify(OPEN) })));
    assert.deepEqual(lane.violations, [{ format: 'openai-chat', rule: 'before-start' }]);
  });

  const FAULTS: readonly (readonly [string, readonly StreamEvent[], GrammarViolation['rule']])[] = [
    ['ends twice', [START, FINISH, FINISH], 'after-end'],
    ['starts twice', [START, START, FINISH], 'started-twice'],
    ['grows a part that is not open', [START, { ...CLOSE }, FINISH], 'part-not-open'],
    ['ends with an open part', [START, OPEN, FINISH], 'part-left-open'],
    ['never ends', [START, OPEN, CLOSE], 'no-end'],
  ];
  for (const [name, events, rule] of FAULTS)
    it(`is noted where it ${name}`, () => assert.deepEqual(broken(...events), [rule]));

  it('is noted once for a rule that it breaks many times', () => {
    assert.deepEqual(broken(START, FINISH, FINISH, FINISH, FINISH), ['after-end']);
  });

  it('is not one that a network cut', () => {
    const lane = laneOf(openAiChat);
    lane.push(Buffer.from('data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}]}\n\n'));
    lane.end({ kind: 'network', message: 'gone' });
    assert.deepEqual(lane.violations, []);
  });
});
