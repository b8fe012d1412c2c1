import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { recordedEvents } from '@patchbay/llm/testing/join-stream';
import { checkAnthropicFrames, checkOpenAiChatFrames } from '@patchbay/llm/testing/wire-grammar';
import { SseDecoder } from '@patchbay/llm/transport/sse-decode';
import type { Frame } from '@patchbay/llm/wire/codec';
import { arrayOf, objectOf } from '@patchbay/llm/wire/read';

import { objectsOf } from '../conformance/asked.ts';
import { asksWeather } from '../conformance/features/material.ts';
import { openAiCheck } from '../conformance/openapi/check-openai.ts';
import type { Answer } from '../conformance/scenario.ts';
import { UPSTREAMS } from '../conformance/sides.ts';
import { openStage, providerIdOf, recordOf, type Stage } from '../conformance/stage.ts';
import type { UpstreamSide } from '../conformance/upstreams/upstream.ts';

/** Thinks, speaks and calls twice: everything that a stream is made of. */
const ANSWER: Answer = { ...asksWeather('Oslo', 'Rome'), text: 'Let me look.', thought: { text: 'Hm.' } };

/** Where each dialect is asked and what it is asked. */
const ASKS: Readonly<Record<string, (model: string, stream: boolean) => readonly [path: string, body: JsonObject]>> = {
  'openai-chat': (model, stream) => [
    '/v1/chat/completions',
    { model, stream, messages: [{ role: 'user', content: 'hi' }] },
  ],
  'openai-responses': (model, stream) => ['/v1/responses', { model, stream, store: false, input: 'hi' }],
  'anthropic-messages': (model, stream) => [
    '/v1/messages',
    { model, stream, max_tokens: 50, messages: [{ role: 'user', content: 'hi' }] },
  ],
  gemini: (model, stream) => [
    `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] },
  ],
};
const DIALECTS = Object.keys(ASKS);

const check = openAiCheck();
let stage: Stage;

/** Shorter than the wait that an overloaded provider asks for, so that nothing is tried again after it. */
const TOTAL_MS = 2500;

/** Every test has providers of its own, because accounts that fail are given a rest. */
const CELLS = [
  'speaks',
  'breaks',
  ...['rate-limit', 'overloaded', 'money', 'overflow'].flatMap((fault) => DIALECTS.map((each) => `${fault}--${each}`)),
];

before(async () => {
  stage = await openStage(
    CELLS.flatMap((cell) => UPSTREAMS.map((side) => recordOf(side, cell))),
    TOTAL_MS,
  );
});
after(() => stage.close());

function ask(dialect: string, side: UpstreamSide, cell: string, stream: boolean): Promise<Response> {
  const asked = ASKS[dialect]?.(`${providerIdOf(side, cell)}/${side.model}`, stream);
  assert.ok(asked !== undefined);
  return fetch(stage.url + asked[0], {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.keyOf(cell)}` },
    body: JSON.stringify(asked[1]),
  });
}

async function spoken(dialect: string, side: UpstreamSide, stream: boolean): Promise<string> {
  stage.cast(providerIdOf(side, 'speaks'), (_, __, response) => {
    const { type, body } = stream ? side.stream(ANSWER, 'n') : side.whole(ANSWER, 'n');
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  });
  const response = await ask(dialect, side, 'speaks', stream);
  const type = stream ? 'text/event-stream' : 'application/json';
  assert.ok(response.headers.get('content-type')?.startsWith(type), 'the content type is right');
  return response.text();
}

const framesOf = (text: string): readonly Frame[] => new SseDecoder().push(new TextEncoder().encode(text));
const eventsNamed = (text: string, type: string): readonly JsonObject[] =>
  recordedEvents(text).filter((event) => event['type'] === type);

for (const side of UPSTREAMS) {
  /** Bytes of the caller's own dialect pass as the provider wrote them. */
  const itTranslates = (dialect: string, name: string, test: () => Promise<void>): void => {
    if (side.id !== dialect) it(name, test);
  };

  describe(`what clients need in an answer from a provider of ${side.id}`, () => {
    itTranslates(
      'openai-chat',
      'Chat: choices in every chunk, a role first, indexed calls, one known finish reason',
      async () => {
        const text = await spoken('openai-chat', side, true);
        assert.deepEqual(checkOpenAiChatFrames(framesOf(text)), []);
        for (const event of recordedEvents(text)) assert.ok(Array.isArray(event['choices']));
      },
    );

    itTranslates('openai-chat', 'Chat: arguments are text, calls have id, type and name', async () => {
      const body = JSON.parse(await spoken('openai-chat', side, false)) as Json;
      assert.deepEqual(check('CreateChatCompletionResponse', body), []);
      const message = objectOf(objectOf(arrayOf(objectOf(body)?.['choices'])[0])?.['message']);
      assert.equal(arrayOf(message?.['tool_calls']).length, 2);
    });

    itTranslates(
      'openai-responses',
      'Responses: created, item added, part added and completed, and no event that is unknown',
      async () => {
        const text = await spoken('openai-responses', side, true);
        for (const event of recordedEvents(text)) assert.deepEqual(check('ResponseStreamEvent', event), []);
        for (const name of ['created', 'output_item.added', 'content_part.added', 'completed'])
          assert.ok(eventsNamed(text, `response.${name}`).length > 0, name);
        const [created] = eventsNamed(text, 'response.created');
        const { id, created_at: createdAt, model } = objectOf(created?.['response']) ?? {};
        assert.ok(id && createdAt !== undefined && model, 'created says id, time and model');
      },
    );

    itTranslates(
      'anthropic-messages',
      'Messages: named events, a start, blocks, a delta with usage and a stop',
      async () => {
        const text = await spoken('anthropic-messages', side, true);
        assert.deepEqual(checkAnthropicFrames(framesOf(text)), []);
        for (const frame of text.trim().split('\n\n')) assert.match(frame, /^event: \w+\ndata: \{/);
        for (const { content_block: block } of eventsNamed(text, 'content_block_start'))
          if (objectOf(block)?.['type'] === 'tool_use') assert.ok(objectOf(block)?.['id'] && objectOf(block)?.['name']);
      },
    );

    itTranslates('gemini', 'Gemini: parts of a candidate, and token details with modality and count', async () => {
      for (const chunk of recordedEvents(await spoken('gemini', side, true))) {
        for (const candidate of objectsOf(chunk['candidates'])) assert.ok(objectOf(candidate['content'])?.['parts']);
        for (const detail of objectsOf(objectOf(chunk['usageMetadata'])?.['promptTokensDetails']))
          assert.ok('modality' in detail && 'tokenCount' in detail);
      }
    });

    for (const dialect of DIALECTS)
      itTranslates(dialect, `Wire: one line of data a frame and none empty, in ${dialect}`, async () => {
        const text = await spoken(dialect, side, true);
        assert.ok(text.endsWith('\n\n'));
        for (const frame of text.trimEnd().split('\n\n'))
          assert.match(frame, /^(?:event: [\w.]+\n)?data: (?:\{.*\}|\[DONE\])$/);
      });
  });

  describe(`what clients need of a failure of a provider of ${side.id}`, () => {
    const REPORTS: Readonly<Record<string, RegExp>> = {
      'openai-chat': /data: \{"error":\{[^\n]*Broke\./,
      'openai-responses': /event: response\.failed\ndata: [^\n]*Broke\./,
      'anthropic-messages': /event: error\ndata: [^\n]*Broke\./,
      gemini: /data: \{"error":\{"code":\d{3},[^\n]*Broke\./,
    };
    for (const [dialect, report] of Object.entries(REPORTS))
      itTranslates(dialect, `Mid-stream errors: told as ${dialect} tells them`, async () => {
        stage.cast(providerIdOf(side, 'breaks'), async (_, __, response) => {
          const { type, begun } = side.begin('Hal');
          response.writeHead(200, { 'content-type': type });
          response.write(begun);
          await new Promise((resolve) => setTimeout(resolve, 20));
          response.end(Buffer.from(side.broken('Hal', 'Broke.').body).subarray(Buffer.from(begun).length));
        });
        assert.match(await (await ask(dialect, side, 'breaks', true)).text(), report);
      });

    for (const dialect of DIALECTS) {
      it(`Errors: Retry-After and the dialect’s own rate limits with a 429 and a 503, in ${dialect}`, async () => {
        for (const [fault, status] of [
          ['rate-limit', 429],
          ['overloaded', 503],
        ] as const) {
          const cell = `${fault}--${dialect}`;
          stage.cast(providerIdOf(side, cell), (_, __, response) => {
            response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '3', ...LIMITS });
            response.end(JSON.stringify(side.refuse({ status, kind: fault, message: 'Later.' })));
          });
          const response = await ask(dialect, side, cell, false);
          assert.match(await response.text(), /Later\./);
          assert.ok([429, 503, 529].includes(response.status), String(response.status));
          assert.equal(response.headers.get('retry-after'), '3');
          const limit = LIMIT_NAMES[dialect];
          if (limit !== undefined) assert.equal(response.headers.get(limit), '0');
        }
      });

      it(`Errors: money that ran out is not asked for again, in ${dialect}`, async () => {
        const cell = `money--${dialect}`;
        let asked = 0;
        stage.cast(providerIdOf(side, cell), (_, __, response) => {
          asked += 1;
          response.writeHead(402, { 'content-type': 'application/json' });
          response.end(JSON.stringify(side.refuse({ status: 402, kind: 'quota-exhausted', message: 'No credit.' })));
        });
        const response = await ask(dialect, side, cell, false);
        assert.match(await response.text(), /No credit\./);
        assert.equal(response.headers.get('x-should-retry'), 'false');
        assert.equal(asked, 1);
      });

      itTranslates(dialect, `Errors: too long a prompt is told in the words of ${dialect}`, async () => {
        const cell = `overflow--${dialect}`;
        // What vendors say, in one sentence: each is known by its own words.
        const message =
          'prompt is too long: 250000 tokens > 200000 maximum: input token count exceeds the context length';
        stage.cast(providerIdOf(side, cell), (_, __, response) => {
          response.writeHead(400, { 'content-type': 'application/json' });
          response.end(JSON.stringify(side.refuse({ status: 400, kind: 'context-overflow', message })));
        });
        const text = await (await ask(dialect, side, cell, false)).text();
        assert.match(text, dialect.startsWith('openai') ? /"code":"context_length_exceeded"/ : TOO_LONG[dialect]!);
        assert.ok(text.includes('250000 tokens > 200000 maximum'), text);
      });
    }
  });
}

/** What a provider says of its limits, under the names of both vendors that have some. */
const LIMITS = { 'x-ratelimit-remaining-requests': '0', 'anthropic-ratelimit-requests-remaining': '0' };
const LIMIT_NAMES: Readonly<Record<string, string>> = {
  'openai-chat': 'x-ratelimit-remaining-requests',
  'openai-responses': 'x-ratelimit-remaining-requests',
  'anthropic-messages': 'anthropic-ratelimit-requests-remaining',
};

/** Words by which agents know that they must shorten the conversation. */
const TOO_LONG: Readonly<Record<string, RegExp>> = {
  'anthropic-messages': /prompt is too long: 250000 tokens > 200000 maximum/,
  gemini: /exceeds the maximum number of tokens allowed|prompt is too long/,
};
