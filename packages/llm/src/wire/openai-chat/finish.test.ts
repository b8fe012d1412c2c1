import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { collect, replay } from '../../model/fold.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { GenerationResponse } from '../../model/response.ts';
import { play } from '../../testing/play.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import type { Frame } from '../codec.ts';
import { arrayOf, objectOf } from '../read.ts';
import { openAiChat } from './index.ts';

const REQUEST = { model: 'm', messages: [], stream: true, streamUsage: false };
const HEAD = { id: 'a', created: 1, model: 'm' };

function whole(message: JsonObject, finish: string): GenerationResponse {
  const answer = openAiChat.decodeResponse({ ...HEAD, choices: [{ index: 0, message, finish_reason: finish }] }, {});
  assert.ok(answer.ok);
  return answer.value;
}

/** The same message as a stream: what it says in one delta, its end in another. */
function streamed(message: JsonObject, finish: string): GenerationResponse {
  const chunk = (delta: Json, reason: Json): Frame => ({
    event: '',
    data: JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: reason }] }),
  });
  const frames = [chunk(message, null), chunk({}, finish), { event: '', data: '[DONE]' }];
  const answer = collect(play(openAiChat.decodeStream({}), frames));
  assert.ok(answer.ok);
  return answer.value;
}

/** The finish reasons of OpenAI's chunks that are not null. */
const chatReasons = (answer: GenerationResponse): readonly unknown[] =>
  play(openAiChat.encodeStream(REQUEST), replay(answer))
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => objectOf(arrayOf((JSON.parse(data) as JsonObject)['choices'])[0])?.['finish_reason'])
    .filter((reason) => reason !== null);

const messageReasons = (answer: GenerationResponse): readonly unknown[] =>
  play(anthropicMessages.encodeStream(REQUEST), replay(answer))
    .filter(({ event }) => event === 'message_delta')
    .map(({ data }) => objectOf((JSON.parse(data) as JsonObject)['delta'])?.['stop_reason']);

interface Case {
  readonly name: string;
  readonly message: JsonObject;
  readonly finish: string;
  /** Our reason, OpenAI's word and Anthropic's word for it. */
  readonly reads: readonly [canonical: string, chat: string, message: string];
}

const SILENT = ['refusal', 'content_filter', 'refusal'] as const;
const SPOKEN = ['refusal', 'stop', 'refusal'] as const;
const STOPPED = ['stop', 'stop', 'end_turn'] as const;
const PART = { type: 'refusal', refusal: '' };

const CASES: readonly Case[] = [
  { name: 'a refusal in words', message: { content: null, refusal: 'No.' }, finish: 'stop', reads: SPOKEN },
  { name: 'a refusal without words', message: { content: null, refusal: '' }, finish: 'stop', reads: SILENT },
  {
    name: 'a refusal part in words',
    message: { content: [{ ...PART, refusal: 'No.' }] },
    finish: 'stop',
    reads: SPOKEN,
  },
  { name: 'a refusal part without words', message: { content: [PART] }, finish: 'stop', reads: SILENT },
  {
    name: 'an answer with an empty refusal beside it',
    message: { content: 'Yes.', refusal: '' },
    finish: 'stop',
    reads: STOPPED,
  },
  { name: 'an empty answer', message: { content: '', refusal: null }, finish: 'stop', reads: STOPPED },
  { name: 'Anthropic’s word on this wire', message: { content: 'I' }, finish: 'refusal', reads: SILENT },
];

describe('an answer that declines', () => {
  for (const { name, message, finish, reads } of CASES) {
    for (const [way, read] of [
      ['whole', whole],
      ['streamed', streamed],
    ] as const)
      it(`is told from one that stops: ${name}, ${way}`, () => {
        const answer = read(message, finish);
        const choice = objectOf(arrayOf(openAiChat.encodeResponse(answer).body['choices'])[0]);
        const anthropic = anthropicMessages.encodeResponse(answer).body['stop_reason'];
        assert.deepEqual([answer.finish.reason, choice?.['finish_reason'], anthropic], reads);
        assert.deepEqual([chatReasons(answer), messageReasons(answer)], [[reads[1]], [reads[2]]]);
      });
  }

  it('does not ask for its calls to be run', () => {
    const answer: GenerationResponse = {
      id: 'a',
      model: 'm',
      createdAtMs: 0,
      content: [{ type: 'tool-call', id: 'c', name: 'send', argumentsJson: '{}' }],
      finish: { reason: 'refusal' },
    };
    assert.deepEqual(chatReasons(answer), ['content_filter']);
    assert.deepEqual(messageReasons(answer), ['refusal']);
  });
});

describe('an earlier refusal without words', () => {
  it('is no empty text for Anthropic, which refuses those', () => {
    const request = openAiChat.decodeRequest({
      model: 'm',
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: [PART, { type: 'text', text: 'b' }] },
      ],
    });
    assert.ok(request.ok);
    const encoded = anthropicMessages.encodeRequest(request.value, {});
    assert.ok(encoded.ok);
    assert.deepEqual(arrayOf(encoded.value.body['messages'])[1], { role: 'assistant', content: 'b' });
    assert.deepEqual(
      encoded.value.losses.map(({ path }) => path),
      ['messages[1].content[0]'],
    );
  });
});
