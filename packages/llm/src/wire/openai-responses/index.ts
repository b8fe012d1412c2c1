import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { OpenAiResponsesDialect } from './dialect.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';
import { decodeUsage } from './usage.ts';

/** OpenAI Responses, both halves. */
export const openAiResponses: UpstreamCodec<OpenAiResponsesDialect, DecodeState> & ClientCodec<EncodeState> = {
  id: 'openai-responses',
  // The official client knows no event for silence; a comment reaches none.
  keepAlive: ': keep-alive\n\n',
  decodeRequest,
  encodeRequest,
  decodeResponse,
  decodeUsage,
  encodeResponse,
  decodeStream,
  encodeStream,
  decodeFailure,
  encodeFailure,
};
