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
import { unrulyChatFrames, unrulyMessagesFrames } from './arbitrary-frames.ts';

const NUM_RUNS = 800;
const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

const PROVIDERS: readonly {
  readonly id: string;
  readonly frames: fc.Arbitrary<readonly Frame[]>;
  readonly read: (frames: readonly Frame[]) => readonly StreamEvent[];
}[] = [
  { id: openAiChat.id, frames: unrulyChatFrames, read: (frames) => play(openAiChat.decodeStream({}), frames) },
  {
    id: anthropicMessages.id,
    frames: unrulyMessagesFrames,
    read: (frames) => play(anthropicMessages.decodeStream({}), frames),
  },
];

const checkWritten = (events: readonly StreamEvent[]): void => {
  assert.deepEqual(checkOpenAiChatFrames(play(openAiChat.encodeStream(REQUEST), events)), []);
  assert.deepEqual(checkAnthropicFrames(play(anthropicMessages.encodeStream(REQUEST), events)), []);
};

for (const { id, frames, read } of PROVIDERS)
  describe(`an unruly stream in ${id}`, () => {
    it('reaches callers of every format as one that official clients read', () => {
      const property = fc.property(frames, (said) => checkWritten(read(said)));
      fc.assert(property, { numRuns: NUM_RUNS });
    });

    it('can be made a whole answer and streamed again', () => {
      const property = fc.property(frames, (said) => {
        const answer = collect(read(said));
        if (!answer.ok) return assert.notEqual(answer.failure.message, '');
        const again = replay(answer.value);
        assert.deepEqual(checkEventGrammar(again), []);
        checkWritten(again);
        assert.deepEqual(collect(again), answer);
      });
      fc.assert(property, { numRuns: NUM_RUNS });
    });
  });
