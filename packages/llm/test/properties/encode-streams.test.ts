import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect } from '../../src/model/fold.ts';
import type { Part } from '../../src/model/part.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { checkAnthropicFrames, checkOpenAiChatFrames } from '../../src/testing/wire-grammar.ts';
import { anthropicMessages } from '../../src/wire/anthropic-messages/index.ts';
import type { Frame } from '../../src/wire/codec.ts';
import { openAiChat } from '../../src/wire/openai-chat/index.ts';
import { arbitraryEvents } from './arbitrary-events.ts';

const NUM_RUNS = 2500;
const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

const chatFrames = (events: readonly StreamEvent[]): readonly Frame[] => play(openAiChat.encodeStream(REQUEST), events);
const messageFrames = (events: readonly StreamEvent[]): readonly Frame[] =>
  play(anthropicMessages.encodeStream(REQUEST), events);

function whole(events: readonly StreamEvent[]): GenerationResponse {
  const answer = collect(events);
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.message);
  return answer.value;
}

/** Runs `check` on what was said before and after a stream crossed the wire; failures have no answer to compare. */
function crossing(
  there: (events: readonly StreamEvent[]) => readonly Frame[],
  back: (frames: readonly Frame[]) => readonly StreamEvent[],
  check: (before: GenerationResponse, after: GenerationResponse) => void,
): void {
  const property = fc.property(arbitraryEvents, (events) => {
    const again = back(there(events));
    if (events.at(-1)?.type === 'failure') assert.equal(again.at(-1)?.type, 'failure');
    else check(whole(events), whole(again));
  });
  fc.assert(property, { numRuns: NUM_RUNS });
}

const joined = ({ content }: GenerationResponse, ...kinds: readonly Part['type'][]): string =>
  content.map((part) => (kinds.includes(part.type) && 'text' in part ? part.text : '')).join('');
const calls = ({ content }: GenerationResponse): readonly (Part & { type: 'tool-call' })[] =>
  content.filter((part) => part.type === 'tool-call');

/** A call without arguments is written with an empty object, because clients parse what they are given. */
const withObject = (call: Part & { type: 'tool-call' }): Part => ({
  ...call,
  argumentsJson: call.argumentsJson || '{}',
});

describe('arbitrary events', () => {
  it('are legal themselves', () => {
    const property = fc.property(arbitraryEvents, (events) => assert.deepEqual(checkEventGrammar(events), []));
    fc.assert(property, { numRuns: NUM_RUNS });
  });
});

describe('a stream written in openai-chat', () => {
  it('is one that official clients read', () => {
    const property = fc.property(arbitraryEvents, (events) =>
      assert.deepEqual(checkOpenAiChatFrames(chatFrames(events)), []),
    );
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('says the same when it is read again', () => {
    const back = (frames: readonly Frame[]): readonly StreamEvent[] => play(openAiChat.decodeStream({}), frames);
    crossing(chatFrames, back, (before, after) => {
      for (const kind of ['text', 'refusal', 'reasoning'] as const)
        assert.equal(joined(after, kind), joined(before, kind));
      assert.deepEqual(calls(after), calls(before).map(withObject));
      assert.equal(after.finish.reason, chatReason(before));
      // OpenAI counts what was written to a cache, but not for how long.
      if (before.usage === undefined) assert.equal(after.usage, undefined);
      else assert.deepEqual(after.usage, { ...before.usage, cacheWrite1hTokens: 0 });
      assert.equal(after.model, before.model);
      assert.equal(after.createdAtMs, before.createdAtMs);
    });
  });
});

/** The reason as openai-chat can tell it: calls and refusals speak for themselves, other words mean `stop`. */
function chatReason(answer: GenerationResponse): string {
  const { reason } = answer.finish;
  if (reason === 'length' || reason === 'content-filter') return reason;
  const called = calls(answer).length > 0;
  if (called) return reason === 'refusal' ? 'content-filter' : 'tool-calls';
  // Who declines without words leaves only the reason to say so.
  if (joined(answer, 'refusal') !== '') return 'refusal';
  const declined = reason === 'refusal' || answer.content.some(({ type }) => type === 'refusal');
  return declined ? 'content-filter' : 'stop';
}

describe('a stream written in anthropic-messages', () => {
  it('is one that official clients read', () => {
    const property = fc.property(arbitraryEvents, (events) =>
      assert.deepEqual(checkAnthropicFrames(messageFrames(events)), []),
    );
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('says the same when it is read again', () => {
    const back = (frames: readonly Frame[]): readonly StreamEvent[] => play(anthropicMessages.decodeStream({}), frames);
    crossing(messageFrames, back, (before, after) => {
      assert.deepEqual(after.content.map(withoutArguments), before.content.map(asMessage).map(withoutArguments));
      for (const [at, { argumentsJson }] of calls(after).entries())
        assert.ok(isSaid(calls(before)[at]?.argumentsJson ?? '', argumentsJson), argumentsJson);
      assert.equal(after.finish.reason, messageReason(before));
      if (before.usage !== undefined) assert.deepEqual(after.usage, before.usage);
      assert.equal(after.model, before.model);
    });
  });
});

/** Anthropic has no refusals among its blocks. */
const asMessage = (part: Part): Part => (part.type === 'refusal' ? { type: 'text', text: part.text } : part);
const withoutArguments = (part: Part): Part => (part.type === 'tool-call' ? { ...part, argumentsJson: '' } : part);

/** No arguments are an empty object; a block may end once its object is complete, whatever was written behind it. */
function isSaid(before: string, after: string): boolean {
  if (before === '') return after === '{}';
  return before.startsWith(after) && (isJson(after) || !isJson(before));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The reason as anthropic-messages can tell it: both ways to decline are one. */
function messageReason(answer: GenerationResponse): string {
  const { reason } = answer.finish;
  if (reason === 'content-filter') return 'refusal';
  const called = calls(answer).length > 0;
  if (reason === 'tool-calls') return called ? 'tool-calls' : 'stop';
  if (called && (reason === 'stop' || reason === 'other')) return 'tool-calls';
  const refused = answer.content.some(({ type }) => type === 'refusal');
  if (refused && reason === 'stop') return 'refusal';
  return reason === 'other' ? 'stop' : reason;
}
