import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Json, JsonObject } from '@patchbay/llm/model/json';
import { joinChat, joinMessage, recordedEvents } from '@patchbay/llm/testing/join-stream';
import { loadCaptures, type CapturedRequest } from '@patchbay/llm/testing/recordings';
import { spokenByChat, spokenByMessage, type Spoken } from '@patchbay/llm/testing/spoken';
import { joinResponse, spokenByResponse } from '@patchbay/llm/testing/spoken-response';
import { checkAnthropicFrames, checkOpenAiChatFrames } from '@patchbay/llm/testing/wire-grammar';
import { SseDecoder } from '@patchbay/llm/transport/sse-decode';
import type { Frame } from '@patchbay/llm/wire/codec';
import { isObject } from '@patchbay/llm/wire/read';

import { joinGemini, spokenByGemini } from '../../../llm/test/laws/gemini-spoken.ts';
import { says } from '../conformance/features/material.ts';
import { openAiCheck, type OpenAiSchema } from '../conformance/openapi/check-openai.ts';
import { UPSTREAMS } from '../conformance/sides.ts';
import { openStage, providerIdOf, recordOf, type Stage } from '../conformance/stage.ts';
import type { UpstreamSide } from '../conformance/upstreams/upstream.ts';

const CELL = 'captures';
const ANSWER = '{"city":"Paris"}';

/** How the answers of a dialect are read and judged. */
interface Judged {
  readonly join: (stream: string) => JsonObject;
  readonly spoken: (body: unknown) => Spoken;
  /** Schemas of OpenAI's own description: of a whole answer and of an event. */
  readonly published?: readonly [OpenAiSchema, OpenAiSchema];
  readonly grammar?: (frames: readonly Frame[]) => readonly string[];
}

const DIALECTS: Readonly<Record<string, Judged>> = {
  'openai-chat': {
    join: joinChat,
    spoken: spokenByChat,
    published: ['CreateChatCompletionResponse', 'CreateChatCompletionStreamResponse'],
    grammar: checkOpenAiChatFrames,
  },
  'openai-responses': { join: joinResponse, spoken: spokenByResponse, published: ['Response', 'ResponseStreamEvent'] },
  'anthropic-messages': { join: joinMessage, spoken: spokenByMessage, grammar: checkAnthropicFrames },
  gemini: { join: joinGemini, spoken: spokenByGemini },
};

const check = openAiCheck();
let stage: Stage;

before(async () => {
  stage = await openStage(UPSTREAMS.map((side) => recordOf(side, CELL)));
  for (const side of UPSTREAMS)
    stage.cast(providerIdOf(side, CELL), (seen, path, response) => {
      const streams = /stream/i.test(path) || (JSON.parse(seen.body.toString()) as JsonObject)['stream'] === true;
      const { type, body } = streams ? side.stream(says(ANSWER), 'a') : side.whole(says(ANSWER), 'a');
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
});
after(() => stage.close());

/** Paths at which only a gateway under a prefix, or Azure's own address, would be reached. */
const ELSEWHERE = /^\/(?:gemini|openai\/deployments)\//;

for (const upstream of UPSTREAMS)
  describe(`a request as a real client sent it gets a legal answer from a provider of ${upstream.id}`, () => {
    for (const [at, capture] of loadCaptures().entries())
      if (!ELSEWHERE.test(capture.path))
        it(`${capture.client} ${capture.label} ${at}`, () => assertLegal(capture, upstream));
  });

async function assertLegal(capture: CapturedRequest, upstream: UpstreamSide): Promise<void> {
  const response = await send(capture, upstream);
  const text = await response.text();
  const refusal = statelessRefusal(capture, upstream);
  if (refusal !== undefined) {
    assert.match(String(response.status), /^40[04]$/, text);
    return assert.match(text, refusal);
  }
  assert.equal(response.status, 200, text);
  const streams = /event-stream/.test(response.headers.get('content-type') ?? '');
  const judged = DIALECTS[capture.format];
  assert.ok(judged !== undefined);
  const { join, spoken, grammar } = judged;
  assert.equal(spoken(streams ? join(text) : JSON.parse(text)).text, ANSWER);
  if (capture.format === upstream.id) return;
  if (streams) assert.deepEqual(grammar?.(framesOf(text)) ?? [], []);
  assertPublished(judged, streams ? recordedEvents(text) : [JSON.parse(text) as Json], streams);
}

function assertPublished({ published }: Judged, values: readonly Json[], streams: boolean): void {
  if (published === undefined) return;
  for (const value of values) assert.deepEqual(check(published[streams ? 1 : 0], value), [], JSON.stringify(value));
}

/** What the vendor would keep on its side is declined in the words by which the client goes on without. */
function statelessRefusal({ body, format }: CapturedRequest, upstream: UpstreamSide): RegExp | undefined {
  if (format === upstream.id) return undefined;
  if (isObject(body['thread'])) return /thread_unsupported_request/;
  return JSON.stringify(body['input'] ?? null).includes('"item_reference"')
    ? /Item with id 'msg_\w+' not found/
    : undefined;
}

const framesOf = (text: string): readonly Frame[] => new SseDecoder().push(new TextEncoder().encode(text));

/** Headers of the connection that was captured, or of the account that it was captured with. */
const OWN =
  /^(?:host|connection|content-length|transfer-encoding|accept-encoding|authorization|x-api-key|x-goog-api-key|api-key|sec-.*)$/;

function send(capture: CapturedRequest, upstream: UpstreamSide): Promise<Response> {
  const model = `${providerIdOf(upstream, CELL)}/${upstream.model}`;
  const headers = Object.entries(capture.headers).filter(([name]) => !OWN.test(name));
  const path = capture.path.replace(/models\/.+:([a-zA-Z]+)$/, `models/${model}:$1`);
  const query = path.endsWith('streamGenerateContent') ? '?alt=sse' : '';
  const body = { ...capture.body, ...('model' in capture.body && { model }) };
  return fetch(`${stage.url}${path}${query}`, {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), authorization: `Bearer ${stage.keyOf(CELL)}` },
    body: JSON.stringify(body),
  });
}
