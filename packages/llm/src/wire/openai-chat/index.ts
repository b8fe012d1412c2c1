import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeRequest } from './decode-request.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';
import { openAiChatUpstream } from './upstream.ts';
import type { State as DecodeState } from './decode-stream.ts';

/** OpenAI Chat Completions, both halves. */
export const openAiChat: UpstreamCodec<OpenAiChatDialect, DecodeState> & ClientCodec<EncodeState> = {
  ...openAiChatUpstream,
  keepAlive: ': keep-alive\n\n',
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeFailure,
};
