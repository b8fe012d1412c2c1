import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { StreamEvent } from '../../src/model/event.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arbitraryEvents } from './arbitrary-events.ts';
import { disordered, unrulyChatFrames, unrulyMessagesFrames } from './arbitrary-frames.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

type Read = (frames: readonly Frame[], untilLast: boolean) => readonly StreamEvent[];

const DIALECTS: readonly {
  readonly id: string;
  readonly read: Read;
  readonly write: (events: readonly StreamEvent[]) => readonly Frame[];
  readonly unruly: fc.Arbitrary<readonly Frame[]>;
}[] = [
  {
    id: openAiChat.id,
    read: (frames, untilLast) => play(openAiChat.decodeStream({}), frames, { untilLast }),
    write: (events) => play(openAiChat.encodeStream(REQUEST), events),
    unruly: unrulyChatFrames,
  },
  {
    id: anthropicMessages.id,
    read: (frames, untilLast) => play(anthropicMessages.decodeStream({}), frames, { untilLast }),
    write: (events) => play(anthropicMessages.encodeStream(REQUEST), events),
    unruly: unrulyMessagesFrames,
  },
];

for (const { id, read, write, unruly } of DIALECTS) {
  /** Whatever came, what is heard is one legal stream; peers that go on behind their last word change nothing. */
  const hear = (frames: readonly Frame[], untilLast: boolean): void => {
    assert.deepEqual(checkEventGrammar(read(frames, untilLast)), []);
  };

  describe(`a provider's stream in ${id}`, () => {
    it('is heard as one legal stream whatever its frames hold', () => {
      fc.assert(fc.property(unruly, fc.boolean(), hear), { numRuns: 3500 });
    });

    it('is heard as one legal stream when frames are lost, doubled, exchanged or damaged', () => {
      fc.assert(fc.property(disordered(arbitraryEvents.map(write)), fc.boolean(), hear), { numRuns: 2500 });
    });
  });
}
