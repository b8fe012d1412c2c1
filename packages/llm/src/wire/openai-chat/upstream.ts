import type { UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { decodeUsage } from './usage.ts';
import { encodeRequest } from './encode-request.ts';

/** OpenAI Chat Completions, the half that speaks to providers: all that a program needs which serves nobody. */
export const openAiChatUpstream: UpstreamCodec<OpenAiChatDialect, DecodeState> = {
  id: 'openai-chat',
  encodeRequest,
  decodeResponse,
  decodeUsage,
  decodeStream,
  decodeFailure,
};
