import OpenAI from 'openai';
import type { Response as OpenAiResponse } from 'openai/resources/responses/responses';

import { encodeFrame } from '../../src/transport/sse-encode.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Frame } from '../../src/wire/codec.ts';

const REQUEST = { model: 'm', input: 'hi' };

/** The official client, answered with these bytes whatever it asks. */
const client = (body: string, type: string): OpenAI =>
  new OpenAI({
    apiKey: 'canary',
    maxRetries: 0,
    fetch: async () => new Response(body, { headers: { 'content-type': type } }),
  });

/** What the official client makes of a stream; throws where it would. */
export const readByOfficial = (frames: readonly Frame[]): Promise<OpenAiResponse> =>
  client(frames.map(encodeFrame).join(''), 'text/event-stream').responses.stream(REQUEST).finalResponse();

/** What the official client makes of a whole answer. */
export const takenByOfficial = (body: JsonObject): Promise<OpenAiResponse> =>
  client(JSON.stringify(body), 'application/json').responses.create(REQUEST);
