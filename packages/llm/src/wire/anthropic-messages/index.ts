import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { AnthropicMessagesDialect } from './dialect.ts';
import { isObject } from '../read.ts';
import { decodeUsage } from './usage.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';

/** Anthropic Messages, both halves. */
export const anthropicMessages: UpstreamCodec<AnthropicMessagesDialect, DecodeState> & ClientCodec<EncodeState> = {
  id: 'anthropic-messages',
  keepAlive: 'event: ping\ndata: {"type": "ping"}\n\n',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  decodeUsage: (usage) => (isObject(usage) ? decodeUsage(usage) : undefined),
  encodeResponse,
  decodeStream,
  encodeStream,
  decodeFailure,
  encodeFailure,
};
