import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../src/model/event.ts';
import type { Failure } from '../../src/model/failure.ts';
import { collect, replay } from '../../src/model/fold.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { joinChat, joinMessage } from '../../src/testing/join-stream.ts';
import { play } from '../../src/testing/play.ts';
import { loadRecordings, type Recording } from '../../src/testing/recordings.ts';
import { spokenByChat, spokenByMessage, type Spoken } from '../../src/testing/spoken.ts';
import { joinResponse, spokenByResponse } from '../../src/testing/spoken-response.ts';
import { SseDecoder } from '../../src/transport/sse-decode.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame, UpstreamCodec } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { openAiResponses } from '../../src/wire/openai-responses/index.ts';
import { readByOfficial, takenByOfficial } from '../properties/responses-client.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

const FORMATS: readonly {
  readonly api: string;
  readonly codec: UpstreamCodec<object>;
  readonly join: (sseText: string) => JsonObject;
  readonly spoken: (body: unknown) => Spoken;
}[] = [
  { api: 'openai.chat', codec: openAiChat, join: joinChat, spoken: spokenByChat },
  { api: 'anthropic.messages', codec: anthropicMessages, join: joinMessage, spoken: spokenByMessage },
  { api: 'openai.responses', codec: openAiResponses, join: joinResponse, spoken: spokenByResponse },
  { api: 'openai.responses.item', codec: openAiResponses, join: joinResponse, spoken: spokenByResponse },
];

function framesOf(text: string, pieceBytes = Infinity): readonly Frame[] {
  const decoder = new SseDecoder();
  const bytes = new TextEncoder().encode(text);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    frames.push(...decoder.push(bytes.subarray(at, at + pieceBytes)));
  return frames;
}

/** What the recorded provider says, as events. */
function heard({ response }: Recording, codec: UpstreamCodec<object>, pieceBytes?: number): readonly StreamEvent[] {
  const { sse_text: text, body = null, status } = response;
  const fails = (failure: Failure): readonly StreamEvent[] => [{ type: 'failure', failure }];
  if (status >= 400) return fails(codec.decodeFailure(status, body, {}));
  if (text !== undefined) return play(codec.decodeStream({}), framesOf(text, pieceBytes));
  const answer = codec.decodeResponse(body, {});
  return answer.ok ? replay(answer.value) : fails(answer.failure);
}

const NO_TOKENS = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

for (const { api, codec, join, spoken } of FORMATS) {
  describe(`${api} answers written in openai-responses`, () => {
    for (const recording of loadRecordings(api))
      it(`say the same to the official client: ${recording.id}`, async () => {
        const events = heard(recording, codec);
        const response = await readByOfficial(play(openAiResponses.encodeStream(REQUEST), events));
        const last = events.at(-1);
        if (last?.type === 'failure') {
          assert.equal(response.status, 'failed');
          assert.equal(response.error?.message, last.failure.message);
          return;
        }
        const { sse_text: text, body } = recording.response;
        const expected = spoken(text === undefined ? body : join(text));
        assert.deepEqual(spokenByResponse(response), { ...expected, usage: expected.usage ?? NO_TOKENS });
        const answer = collect(events);
        assert.ok(answer.ok);
        const whole = await takenByOfficial(openAiResponses.encodeResponse(answer.value, REQUEST).body);
        assert.deepEqual(spokenByResponse(whole), spokenByResponse(response));
        assert.equal(whole.output_text, response.output_text);
        assert.deepEqual(
          play(codec.decodeStream({}), framesOf(text ?? '', 7)),
          play(codec.decodeStream({}), framesOf(text ?? '')),
        );
      });
  });
}

/** What a stream tells twice in different words: thoughts are encrypted anew each time. */
const withoutCiphers = (answer: GenerationResponse): GenerationResponse => ({
  ...answer,
  content: answer.content.map((part) => {
    if (part.type !== 'reasoning') return part;
    const { signature, redacted, ...rest } = part;
    return { ...rest, encrypted: signature !== undefined || redacted !== undefined } as typeof part;
  }),
});

describe('a recorded stream in openai-responses', () => {
  for (const recording of loadRecordings('openai.responses')) {
    const { sse_text: text } = recording.response;
    if (text === undefined) continue;
    it(`says what its last word says: ${recording.id}`, () => {
      const streamed = collect(heard(recording, openAiResponses));
      const whole = openAiResponses.decodeResponse(joinResponse(text), {});
      assert.equal(streamed.ok, whole.ok);
      if (!streamed.ok || !whole.ok) return;
      assert.deepEqual(withoutCiphers(streamed.value), withoutCiphers(whole.value));
    });
  }
});
