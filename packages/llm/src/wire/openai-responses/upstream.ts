import type { UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { OpenAiResponsesDialect } from './dialect.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeUsage } from './usage.ts';

/** OpenAI Responses, the half that speaks to providers: all that a program needs which serves nobody. */
export const openAiResponsesUpstream: UpstreamCodec<OpenAiResponsesDialect, DecodeState> = {
  id: 'openai-responses',
  encodeRequest,
  decodeResponse,
  decodeUsage,
  decodeStream,
  decodeFailure,
};
