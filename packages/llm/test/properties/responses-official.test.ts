import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import type { Response as OpenAiResponse } from 'openai/resources/responses/responses';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect } from '../../src/model/fold.ts';
import type { Part } from '../../src/model/part.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { play } from '../../src/testing/play.ts';
import { openAiResponses } from '../../src/wire/openai-responses/index.ts';
import { arbitraryEvents } from './arbitrary-events.ts';
import { readByOfficial, takenByOfficial } from './responses-client.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };
const NUM_RUNS = 2500;

/** A canonical answer as this format tells it, in the words of the official client. */
function told(answer: GenerationResponse): unknown {
  const { content, usage } = answer;
  const only = <Type extends Part['type']>(type: Type): readonly (Part & { type: Type })[] =>
    content.filter((part): part is Part & { type: Type } => part.type === type);
  return {
    texts: only('text').map(({ text }) => text),
    refusals: only('refusal').map(({ text }) => text),
    thoughts: only('reasoning').map(({ text }) => text),
    ciphers: only('reasoning').map(({ signature, redacted }) => redacted ?? signature),
    calls: only('tool-call').map(({ id, name, argumentsJson }) => [id, name, argumentsJson || '{}']),
    ending: ending(answer),
    usage: [
      usage?.inputTokens ?? 0,
      usage?.cacheReadTokens ?? 0,
      usage?.cacheWriteTokens ?? 0,
      usage?.outputTokens ?? 0,
      usage?.reasoningTokens ?? 0,
    ],
  };
}

/** How this format tells why an answer ended: calls and refusals in words speak for themselves. */
function ending({ content, finish: { reason } }: GenerationResponse): string {
  if (reason === 'length') return 'max_output_tokens';
  if (reason === 'content-filter') return 'content_filter';
  const called = content.some(({ type }) => type === 'tool-call');
  const refusals = content.filter((part) => part.type === 'refusal');
  if (called) return reason === 'refusal' ? 'content_filter' : 'completed';
  const silent = (reason === 'refusal' || refusals.length > 0) && refusals.every(({ text }) => text === '');
  return silent ? 'content_filter' : 'completed';
}

/** The same read from what the official client made of it. */
function read({ output, usage, status, incomplete_details: details }: OpenAiResponse): unknown {
  const contents = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const thoughts = output.filter((item) => item.type === 'reasoning');
  return {
    texts: contents.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])),
    refusals: contents.flatMap((part) => (part.type === 'refusal' ? [part.refusal] : [])),
    thoughts: thoughts.map(({ summary }) => summary.map(({ text }) => text).join('')),
    ciphers: thoughts.map((item) => item.encrypted_content ?? undefined),
    calls: output.flatMap((item) => (item.type === 'function_call' ? [[item.call_id, item.name, item.arguments]] : [])),
    ending: details?.reason ?? status,
    usage: [
      usage?.input_tokens,
      usage?.input_tokens_details.cached_tokens,
      usage?.input_tokens_details.cache_write_tokens,
      usage?.output_tokens,
      usage?.output_tokens_details.reasoning_tokens,
    ],
  };
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Ids of all items; the official client insists that each is one item's alone. */
const idsOf = ({ output }: OpenAiResponse): readonly unknown[] => output.map((item) => item.id);

describe('a stream written in openai-responses', () => {
  it('is read by the official client as what was said, and told once more by its last word', async () => {
    const property = fc.asyncProperty(arbitraryEvents, async (events) => {
      const frames = play(openAiResponses.encodeStream(REQUEST), events);
      const response = await readByOfficial(frames);
      const answer = collect(events);
      if (!answer.ok) return assert.equal(response.error?.message, answer.failure.message);
      assert.deepEqual(asJson(read(response)), asJson(told(answer.value)));
      assert.equal(new Set(idsOf(response)).size, response.output.length);
    });
    await fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('numbers its frames and says in each what it is', () => {
    const property = fc.property(arbitraryEvents, (events) => {
      for (const [position, { event, data }] of play(openAiResponses.encodeStream(REQUEST), events).entries()) {
        const { type, sequence_number: number } = JSON.parse(data) as Record<string, unknown>;
        assert.deepEqual([type, number], [event, position]);
      }
    });
    fc.assert(property, { numRuns: NUM_RUNS });
  });

  it('that is cut off ends as one that failed, wherever the cut is', async () => {
    const cut = fc.tuple(arbitraryEvents, fc.nat()).map(([events, at]): readonly StreamEvent[] => {
      const said = events.slice(0, -1);
      return said.slice(0, 1 + (at % said.length));
    });
    const property = fc.asyncProperty(cut, async (events) => {
      const frames = play(openAiResponses.encodeStream(REQUEST), events);
      assert.equal(frames.at(-1)?.event, 'response.failed');
      const response = await readByOfficial(frames);
      assert.equal(response.status, 'failed');
      assert.notEqual(response.error?.message, '');
    });
    await fc.assert(property, { numRuns: 1000 });
  });

  it('says what the whole answer says', async () => {
    const property = fc.asyncProperty(arbitraryEvents, async (events) => {
      const answer = collect(events);
      if (!answer.ok) return;
      const streamed = await readByOfficial(play(openAiResponses.encodeStream(REQUEST), events));
      const whole = await takenByOfficial(openAiResponses.encodeResponse(answer.value, REQUEST).body);
      assert.deepEqual(asJson(read(whole)), asJson(read(streamed)));
      assert.deepEqual(idsOf(whole), idsOf(streamed));
    });
    await fc.assert(property, { numRuns: 1000 });
  });

  it('comes back as it was', () => {
    const property = fc.property(arbitraryEvents, (events) => {
      const again = play(openAiResponses.decodeStream({}), play(openAiResponses.encodeStream(REQUEST), events));
      const [before, after] = [collect(events), collect(again)];
      assert.equal(after.ok, before.ok);
      if (!before.ok || !after.ok) return;
      const here = before.value.content.filter(({ type }) => type !== 'vendor');
      assert.deepEqual(after.value.content.map(bare), here.map(bare));
      assert.deepEqual(after.value.usage, before.value.usage && { ...before.value.usage, cacheWrite1hTokens: 0 });
      assert.deepEqual(
        [after.value.id, after.value.model, after.value.createdAtMs],
        [before.value.id || 'resp_patchbay', before.value.model, before.value.createdAtMs],
      );
    });
    fc.assert(property, { numRuns: NUM_RUNS });
  });
});

/** A part without what one format alone says of it; no arguments are written as an empty object. */
function bare(part: Part): unknown {
  const { extras: _, ...rest } = part;
  return rest.type === 'tool-call' ? { ...rest, argumentsJson: rest.argumentsJson || '{}' } : rest;
}
