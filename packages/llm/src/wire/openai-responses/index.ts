import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeRequest } from './decode-request.ts';
import type { OpenAiResponsesDialect } from './dialect.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';
import { openAiResponsesUpstream } from './upstream.ts';
import type { State as DecodeState } from './decode-stream.ts';

/** OpenAI Responses, both halves. */
export const openAiResponses: UpstreamCodec<OpenAiResponsesDialect, DecodeState> & ClientCodec<EncodeState> = {
  ...openAiResponsesUpstream,
  // The official client knows no event for silence; a comment reaches none.
  keepAlive: ': keep-alive\n\n',
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeFailure,
};
