import type { UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { AnthropicMessagesDialect } from './dialect.ts';
import { isObject } from '../read.ts';
import { decodeUsage } from './usage.ts';
import { encodeRequest } from './encode-request.ts';

/** Anthropic Messages, the half that speaks to providers: all that a program needs which serves nobody. */
export const anthropicMessagesUpstream: UpstreamCodec<AnthropicMessagesDialect, DecodeState> = {
  id: 'anthropic-messages',
  encodeRequest,
  decodeResponse,
  decodeUsage: (usage) => (isObject(usage) ? decodeUsage(usage) : undefined),
  decodeStream,
  decodeFailure,
};
