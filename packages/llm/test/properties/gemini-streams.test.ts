import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect, replay } from '../../src/model/fold.ts';
import type { Json } from '../../src/model/json.ts';
import type { Part } from '../../src/model/part.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { checkAnthropicFrames, checkOpenAiChatFrames } from '../../src/testing/wire-grammar.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { gemini } from '../../src/wire/gemini/index.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { parseJson } from '../../src/wire/read.ts';
import { arbitraryEvents } from './arbitrary-events.ts';
import { disordered, unrulyChatFrames, unrulyMessagesFrames } from './arbitrary-frames.ts';
import { plainly } from './arbitrary-values.ts';
import { geminiContent, unrulyGeminiFrames } from './gemini-arbitrary.ts';
import { checkGeminiFrames } from './gemini-frames.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };
const NUM_RUNS = 2500;

const read = (frames: readonly Frame[], untilLast = true): readonly StreamEvent[] =>
  play(gemini.decodeStream({}), frames, { untilLast });
const write = (events: readonly StreamEvent[]): readonly Frame[] => play(gemini.encodeStream(REQUEST), events);

function whole(events: readonly StreamEvent[]): GenerationResponse {
  const answer = collect(events);
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.message);
  return answer.value;
}

const joined = ({ content }: GenerationResponse, ...kinds: readonly Part['type'][]): string =>
  content.map((part) => (kinds.includes(part.type) && 'text' in part ? part.text : '')).join('');
const calls = ({ content }: GenerationResponse): readonly (Part & { type: 'tool-call' })[] =>
  content.filter((part) => part.type === 'tool-call');

/** Arguments as Gemini can say them: text that is no object is an empty one. */
function args(argumentsJson: string): Json {
  const value = parseJson(argumentsJson);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** The reason as Gemini can tell it: calls speak for themselves, and both ways to decline are one. */
function reasonOf(answer: GenerationResponse): string {
  const { reason } = answer.finish;
  if (reason === 'length' || reason === 'other') return reason;
  const refused = answer.content.some(({ type }) => type === 'refusal');
  if (reason === 'content-filter' || reason === 'refusal' || (refused && reason === 'stop')) return 'content-filter';
  return calls(answer).length > 0 ? 'tool-calls' : 'stop';
}

describe('a stream written in gemini', () => {
  it('is one that official clients read', () => {
    const property = fc.property(arbitraryEvents, (events) => assert.deepEqual(checkGeminiFrames(write(events)), []));
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('ends in an error where its events broke off', () => {
    const property = fc.property(arbitraryEvents, fc.nat(40), (events, at) => {
      const cut = events.slice(0, Math.min(at, events.length - 1));
      const frames = write(cut);
      assert.deepEqual(checkGeminiFrames(frames), []);
      assert.equal(read(frames).at(-1)?.type, 'failure');
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('says the same when it is read again', () => {
    const property = fc.property(arbitraryEvents, (events) => {
      const again = read(write(events));
      if (events.at(-1)?.type === 'failure') return assert.equal(again.at(-1)?.type, 'failure');
      const [before, after] = [whole(events), whole(again)];
      assert.equal(joined(after, 'text'), joined(before, 'text', 'refusal'));
      assert.equal(joined(after, 'reasoning'), joined(before, 'reasoning'));
      assert.deepEqual(
        calls(after).map(({ id, name, argumentsJson }) => [id, name, parseJson(argumentsJson)]),
        calls(before).map(({ id, name, argumentsJson }) => [id, name, args(argumentsJson)]),
      );
      assert.equal(after.finish.reason, reasonOf(before));
      // Gemini does not count what was written to a cache.
      if (before.usage === undefined) assert.equal(after.usage, undefined);
      else assert.deepEqual(after.usage, { ...before.usage, cacheWriteTokens: 0, cacheWrite1hTokens: 0 });
      assert.equal(after.id, before.id);
      assert.equal(after.model, before.model);
      assert.equal(after.createdAtMs, before.createdAtMs);
    });
    fc.assert(property, { numRuns: NUM_RUNS });
  });
});

describe('an answer of Gemini’s own', () => {
  const answers = geminiContent.map((content): GenerationResponse => ({
    id: 'a',
    model: 'm',
    createdAtMs: 0,
    content,
    finish: { reason: content.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop', raw: 'STOP' },
  }));

  it('comes back as it was, signatures and all, whole and in pieces', () => {
    const property = fc.property(answers, (answer) => {
      const { body, losses } = gemini.encodeResponse(answer);
      assert.deepEqual(losses, []);
      const decoded = gemini.decodeResponse(plainly<Json>(body), {});
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, plainly(answer));
      assert.deepEqual(whole(read(write(replay(answer)))), plainly(answer));
    });
    fc.assert(property, { numRuns: NUM_RUNS });
  });
});

describe('a provider’s stream in gemini', () => {
  /** Whatever came, what is heard is one legal stream; peers that go on behind their last word change nothing. */
  const hear = (frames: readonly Frame[], untilLast: boolean): void => {
    assert.deepEqual(checkEventGrammar(read(frames, untilLast)), []);
  };

  it('is heard as one legal stream whatever its frames hold', () => {
    fc.assert(fc.property(unrulyGeminiFrames, fc.boolean(), hear), { numRuns: 3500 });
  });

  it('is heard as one legal stream when frames are lost, doubled, exchanged or damaged', () => {
    fc.assert(fc.property(disordered(arbitraryEvents.map(write)), fc.boolean(), hear), { numRuns: NUM_RUNS });
  });
});

describe('an unruly stream', () => {
  const checkWritten = (events: readonly StreamEvent[]): void => {
    assert.deepEqual(checkOpenAiChatFrames(play(openAiChat.encodeStream(REQUEST), events)), []);
    assert.deepEqual(checkAnthropicFrames(play(anthropicMessages.encodeStream(REQUEST), events)), []);
    assert.deepEqual(checkGeminiFrames(write(events)).filter(isOurs), []);
  };
  // A provider's own words for the end, and its parts, are passed on to callers of its format as they are.
  const isOurs = (violation: string): boolean => !/finish reason|text that is none|call w/.test(violation);

  const PROVIDERS: readonly (readonly [string, fc.Arbitrary<readonly StreamEvent[]>])[] = [
    ['gemini', unrulyGeminiFrames.map((frames) => read(frames))],
    ['openai-chat', unrulyChatFrames.map((frames) => play(openAiChat.decodeStream({}), frames))],
    ['anthropic-messages', unrulyMessagesFrames.map((frames) => play(anthropicMessages.decodeStream({}), frames))],
  ];

  for (const [id, streams] of PROVIDERS) {
    it(`in ${id} reaches callers of every format as one that official clients read`, () => {
      fc.assert(fc.property(streams, checkWritten), { numRuns: 800 });
    });

    it(`in ${id} can be made a whole answer and streamed again`, () => {
      const property = fc.property(streams, (events) => {
        const answer = collect(events);
        if (!answer.ok) return assert.notEqual(answer.failure.message, '');
        const again = replay(answer.value);
        assert.deepEqual(checkEventGrammar(again), []);
        checkWritten(again);
        assert.deepEqual(collect(again), answer);
      });
      fc.assert(property, { numRuns: 800 });
    });
  }
});
