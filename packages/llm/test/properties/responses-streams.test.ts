import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { collect, replay } from '../../src/model/fold.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import type { GenerationResponse } from '../../src/model/response.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { openAiResponses } from '../../src/wire/openai-responses/index.ts';
import { arbitraryResponse, openTelling, tell, telling, type Telling } from './arbitrary-responses.ts';
import { plainly } from './arbitrary-values.ts';
import { readByOfficial } from './responses-client.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

function whole(body: JsonObject): GenerationResponse {
  const answer = openAiResponses.decodeResponse(body, {});
  assert.ok(answer.ok, answer.ok ? '' : answer.failure.message);
  return answer.value;
}

/** Arguments that were told in pieces may be escaped otherwise than told at once. */
const normal = (answer: GenerationResponse): unknown =>
  plainly({
    ...answer,
    content: answer.content.map((part) => {
      if (part.type !== 'tool-call' || !part.argumentsJson.startsWith('{"input":')) return part;
      return { ...part, argumentsJson: JSON.stringify(JSON.parse(part.argumentsJson)) };
    }),
  });

describe('an answer in openai-responses', () => {
  it('is the same whole and streamed, in pieces or not, one item after the other or several at once', () => {
    const property = fc.property(arbitraryResponse, telling, (response, how) => {
      const events = play(openAiResponses.decodeStream({}), tell(response, orderly(response, how)));
      assert.deepEqual(checkEventGrammar(events), []);
      const streamed = collect(events);
      assert.ok(streamed.ok, streamed.ok ? '' : streamed.failure.message);
      assert.deepEqual(normal(streamed.value), normal(whole(response)));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it('loses no word and no call however it is told, even where nobody says that an item is over', () => {
    const property = fc.property(arbitraryResponse, fc.oneof(telling, openTelling), (response, how) => {
      const events = play(openAiResponses.decodeStream({}), tell(response, how));
      assert.deepEqual(checkEventGrammar(events), []);
      const streamed = collect(events);
      assert.ok(streamed.ok, streamed.ok ? '' : streamed.failure.message);
      assert.deepEqual(words(streamed.value), words(whole(response)));
    });
    fc.assert(property, { numRuns: 2500 });
  });

  it('is written again as it came, whole and streamed', async () => {
    const property = fc.asyncProperty(arbitraryResponse, telling, async (response, how) => {
      const answer = whole(response);
      const again = openAiResponses.encodeResponse(answer, REQUEST);
      assert.deepEqual(again.losses, []);
      assert.deepEqual(itemsOf(again.body), itemsOf(response));
      const events = play(openAiResponses.decodeStream({}), tell(response, orderly(response, how)));
      const read = await readByOfficial(play(openAiResponses.encodeStream(REQUEST), events));
      assert.deepEqual(itemsOf(plainly<JsonObject>(read)), itemsOf(response));
      const replayed = await readByOfficial(play(openAiResponses.encodeStream(REQUEST), replay(answer)));
      assert.deepEqual(itemsOf(plainly<JsonObject>(replayed)), itemsOf(response));
      for (const name of ['id', 'model', 'created_at', 'status', 'incomplete_details', 'usage', 'service_tier'])
        assert.deepEqual(plainly<JsonObject>(read)[name], response[name], name);
    });
    await fc.assert(property, { numRuns: 2000 });
  });
});

/**
 * A way of telling that leaves no doubt about the order: parts of one message are told one after the other, and nothing
 * beside them, because a message whose first part is over may be over itself.
 */
function orderly(response: JsonObject, how: Telling): Telling {
  const long = (response['output'] as readonly JsonObject[]).some(
    ({ type, content }) => type === 'message' && (content as readonly unknown[]).length > 1,
  );
  return long ? { ...how, atOnce: 1, parts: how.parts || how.deltas || how.wholes } : how;
}

/** What an answer says, in the order of the alphabet, because a message that was interrupted goes on later. */
const words = (answer: GenerationResponse): readonly string[] =>
  (normal(answer) as GenerationResponse).content
    .flatMap((part) => {
      if (part.type === 'tool-call') return [JSON.stringify([part.id, part.name, part.argumentsJson])];
      if (part.type === 'text' || part.type === 'refusal') return part.text === '' ? [] : [`${part.type} ${part.text}`];
      return part.type === 'reasoning' ? [`${part.text} ${part.signature ?? part.redacted}`] : [part.type];
    })
    .sort((a, b) => (a < b ? -1 : 1));

/** Items without what is a default, and without messages that say nothing. */
const itemsOf = (response: JsonObject): readonly unknown[] =>
  (response['output'] as readonly JsonObject[])
    .filter(({ type, content }) => type !== 'message' || (content as readonly unknown[]).length > 0)
    // No arguments are written as an empty object, because clients parse what they are given.
    .map((item) => said(item['arguments'] === '' ? { ...item, arguments: '{}' } : item));

/** The official client adds what it parsed; empty lists and the status say nothing. */
const UNSAID = new Set(['status', 'parsed', 'parsed_arguments']);

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, each]) => !UNSAID.has(name) && !(Array.isArray(each) && each.length === 0),
  );
  return Object.fromEntries(entries.map(([name, each]) => [name, said(each)]));
}
