import { failed, type Failure, type Result } from '@patchbay/llm/model/failure';
import { collect } from '@patchbay/llm/model/fold';
import type { GenerationResponse } from '@patchbay/llm/model/response';
import { SseDecoder } from '@patchbay/llm/transport/sse-decode';
import type { UpstreamCodec } from '@patchbay/llm/wire/codec';
import { parseJson } from '@patchbay/llm/wire/read';

const NOT_JSON: Failure = { kind: 'protocol', message: 'The provider answered something that is not JSON.' };

/** Reads an answer that is complete, whichever way it was sent: some servers stream whatever they are asked. */
export function readWhole<Dialect>(
  body: Buffer,
  codec: UpstreamCodec<Dialect>,
  dialect: Dialect,
): Result<GenerationResponse> {
  if (isEventText(body)) return readEvents(body, codec, dialect);
  const json = parseJson(body.toString());
  return json === undefined ? failed(NOT_JSON) : codec.decodeResponse(json, dialect);
}

function readEvents<Dialect>(
  body: Buffer,
  codec: UpstreamCodec<Dialect>,
  dialect: Dialect,
): Result<GenerationResponse> {
  const sse = new SseDecoder({ eventBytesMax: body.length });
  const machine = codec.decodeStream(dialect);
  const state = machine.initial();
  const events = [...sse.push(body), ...sse.end()].flatMap((frame) => machine.step(state, frame));
  return collect([...events, ...machine.end(state)]);
}

const EVENT_LINE = /^\uFEFF?\s*(?:data|event|id|retry)?:/;

/** True when bytes begin like server-sent events: JSON never starts with a field name or a colon. */
export const isEventText = (bytes: Buffer): boolean => EVENT_LINE.test(bytes.toString('utf8', 0, 64));
