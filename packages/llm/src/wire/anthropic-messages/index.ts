import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeRequest } from './decode-request.ts';
import type { AnthropicMessagesDialect } from './dialect.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';
import { anthropicMessagesUpstream } from './upstream.ts';
import type { State as DecodeState } from './decode-stream.ts';

/** Anthropic Messages, both halves. */
export const anthropicMessages: UpstreamCodec<AnthropicMessagesDialect, DecodeState> & ClientCodec<EncodeState> = {
  ...anthropicMessagesUpstream,
  keepAlive: 'event: ping\ndata: {"type": "ping"}\n\n',
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeFailure,
};
