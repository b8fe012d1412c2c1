import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect, replay } from '../../src/model/fold.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { checkAnthropicFrames, checkOpenAiChatFrames } from '../../src/testing/wire-grammar.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { openAiResponses } from '../../src/wire/openai-responses/index.ts';
import { arbitraryEvents } from './arbitrary-events.ts';
import { disordered, unrulyChatFrames, unrulyMessagesFrames } from './arbitrary-frames.ts';
import { arbitraryResponse, tell, telling } from './arbitrary-responses.ts';
import { unrulyResponsesFrames } from './arbitrary-responses-frames.ts';
import { readByOfficial, takenByOfficial } from './responses-client.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

const read = (frames: readonly Frame[], untilLast = true): readonly StreamEvent[] =>
  play(openAiResponses.decodeStream({}), frames, { untilLast });
const write = (events: readonly StreamEvent[]): readonly Frame[] => play(openAiResponses.encodeStream(REQUEST), events);
const told = fc.tuple(arbitraryResponse, telling).map(([response, how]) => tell(response, how));

/** Whatever came, what is heard is one legal stream; peers that go on behind their last word change nothing. */
const hear = (frames: readonly Frame[], untilLast: boolean): void => {
  assert.deepEqual(checkEventGrammar(read(frames, untilLast)), []);
};

describe('a provider’s stream in openai-responses', () => {
  it('is heard as one legal stream whatever its frames hold', () => {
    fc.assert(fc.property(unrulyResponsesFrames, fc.boolean(), hear), { numRuns: 6000 });
  });

  it('is heard as one legal stream when frames are lost, doubled, exchanged or damaged', () => {
    const frames = fc.oneof(disordered(told), disordered(arbitraryEvents.map(write)));
    fc.assert(fc.property(frames, fc.boolean(), hear), { numRuns: 3000 });
  });

  it('reaches callers of every format as one that official clients read', async () => {
    const frames = fc.oneof(unrulyResponsesFrames, disordered(told));
    const property = fc.asyncProperty(frames, async (said) => {
      const events = read(said);
      assert.deepEqual(checkOpenAiChatFrames(play(openAiChat.encodeStream(REQUEST), events)), []);
      assert.deepEqual(checkAnthropicFrames(play(anthropicMessages.encodeStream(REQUEST), events)), []);
      await readByOfficial(write(events));
      const answer = collect(events);
      if (!answer.ok) return;
      await takenByOfficial(openAiResponses.encodeResponse(answer.value, REQUEST).body);
      const again = replay(answer.value);
      assert.deepEqual(collect(again), answer);
      await readByOfficial(write(again));
    });
    await fc.assert(property, { numRuns: 2000 });
  });
});

describe('a provider’s stream in another format', () => {
  const others = fc.oneof(
    unrulyChatFrames.map((frames) => play(openAiChat.decodeStream({}), frames)),
    unrulyMessagesFrames.map((frames) => play(anthropicMessages.decodeStream({}), frames)),
  );

  it('reaches callers of openai-responses as one that the official client reads', async () => {
    const property = fc.asyncProperty(others, async (events) => {
      await readByOfficial(write(events));
    });
    await fc.assert(property, { numRuns: 2000 });
  });
});
