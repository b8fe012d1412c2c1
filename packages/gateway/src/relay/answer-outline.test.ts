import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '@patchbay/llm/model/event';
import { collect } from '@patchbay/llm/model/fold';
import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';
import { createFrameDecoder } from '@patchbay/llm/transport/frame-decoder';
import type { ClientCodec, UpstreamCodec } from '@patchbay/llm/wire/codec';
import { UPSTREAM_FORMATS, WIRE_FORMATS } from '@patchbay/llm/wire/registry';

import { AnswerOutline } from './answer-outline.ts';

const RECORDED = {
  'openai.chat': 'openai-chat',
  'openai.responses': 'openai-responses',
  'anthropic.messages': 'anthropic-messages',
  'gemini.streamGenerateContent': 'gemini',
  'bedrock.converse-stream': 'bedrock-converse',
} as const;
const CLIENTS: readonly ClientCodec[] = Object.values(WIRE_FORMATS);

function eventsOf(codec: UpstreamCodec<object>, { response }: Recording): readonly StreamEvent[] {
  const { sse_text: text = '', eventstream_base64: base64 } = response;
  const frames = createFrameDecoder(codec.framing ?? 'sse');
  const bytes = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  const machine = codec.decodeStream({});
  const state = machine.initial();
  const events = [...frames.push(bytes), ...frames.end()].flatMap((frame) => machine.step(state, frame));
  return [...events, ...machine.end(state)];
}

function outlineOf(events: readonly StreamEvent[]): AnswerOutline {
  const outline = new AnswerOutline();
  for (const event of events) outline.step(event);
  return outline;
}

describe('the outline of a stream', () => {
  for (const [api, format] of Object.entries(RECORDED))
    it(`loses in every dialect what the whole answer would, in recordings of ${api}`, () => {
      let seen = 0;
      for (const recording of loadRecordings(api).filter(({ stream }) => stream)) {
        const events = eventsOf(UPSTREAM_FORMATS[format], recording);
        const whole = collect(events);
        const outline = outlineOf(events).response();
        if (!whole.ok || outline === undefined) continue;
        seen += 1;
        for (const client of CLIENTS)
          assert.deepEqual(client.encodeResponse(outline).losses, client.encodeResponse(whole.value).losses);
      }
      assert.ok(seen > 0, 'no stream was recorded');
    });

  it('is as small for many words as for few', () => {
    const said = (words: number): number => {
      const word: StreamEvent = { type: 'part-delta', index: 0, delta: { type: 'text', text: 'some words ' } };
      const outline = outlineOf([
        { type: 'response-start', id: 'a', model: 'm', createdAtMs: 0 },
        { type: 'part-start', index: 0, part: { type: 'text', text: '' } },
        ...Array.from({ length: words }, () => word),
        { type: 'part-end', index: 0 },
        { type: 'finish', finish: { reason: 'stop' } },
      ]);
      return JSON.stringify(outline.response()).length;
    };
    assert.equal(said(1000), said(1));
  });

  it('says nothing of a stream that did not end well', () =>
    assert.equal(
      outlineOf([{ type: 'failure', failure: { kind: 'network', message: 'gone' } }]).response(),
      undefined,
    ));
});
