import type { StreamEvent } from '../../model/event.ts';
import { decodeFailure as decodeAmazonFailure } from '../bedrock-converse/decode-failure.ts';
import type { Frame, StreamMachine, UpstreamCodec } from '../codec.ts';
import { objectOf, parseJson, textOf } from '../read.ts';
import type { State } from './decode-stream.ts';
import type { AnthropicMessagesDialect } from './dialect.ts';
import { encodeFailure } from './encode-failure.ts';
import { anthropicMessages } from './index.ts';

/** What we hear of Anthropic Messages as Amazon carries them: other frames, and refusals of Amazon's own. */
export const amazonCarried: UpstreamCodec<AnthropicMessagesDialect, State> = {
  id: anthropicMessages.id,
  framing: 'aws-event-stream',
  encodeRequest: anthropicMessages.encodeRequest,
  decodeResponse: anthropicMessages.decodeResponse,
  decodeUsage: anthropicMessages.decodeUsage,
  decodeStream: (dialect) => unwrapping(anthropicMessages.decodeStream(dialect)),
  decodeFailure: decodeAmazonFailure,
};

/** Reads Amazon's messages where `machine` reads Anthropic's events. */
function unwrapping(machine: StreamMachine<Frame, StreamEvent, State>): typeof machine {
  return {
    initial: () => machine.initial(),
    step: (state, frame) => machine.step(state, unwrapFrame(frame)),
    end: (state) => machine.end(state),
    isLast: (frame) => machine.isLast?.(unwrapFrame(frame)) === true,
  };
}

/** Anthropic's event in a message of Amazon's; of an exception, the error event that says the same. */
export function unwrapFrame({ event, data }: Frame): Frame {
  const payload = objectOf(parseJson(data)) ?? {};
  if (event === 'chunk') return namedFrame(textIn(textOf(payload['bytes']) ?? ''));
  if (!EXCEPTION.test(event)) return PING;
  const exception = event === STREAM_ERROR ? payload : { ...payload, __type: event };
  return { event: 'error', data: JSON.stringify(encodeFailure(decodeAmazonFailure(0, exception, {})).body) };
}

/** An error of the stream itself; its payload names it. */
const STREAM_ERROR = 'error';
const EXCEPTION = /Exception$|^error$/;
const PING: Frame = { event: 'ping', data: '{"type":"ping"}' };

/** A frame under the name that its event gives itself. */
const namedFrame = (data: string): Frame => ({ event: textOf(objectOf(parseJson(data))?.['type']) ?? '', data });

const utf8 = new TextDecoder();

/** The text whose bytes are written in base64; what is none says nothing. */
function textIn(base64: string): string {
  try {
    return utf8.decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return '';
  }
}
