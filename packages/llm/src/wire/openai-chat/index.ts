import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { OpenAiChatDialect } from './dialect.ts';
import { decodeUsage } from './usage.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';

/** OpenAI Chat Completions, both halves. */
export const openAiChat: UpstreamCodec<OpenAiChatDialect, DecodeState> & ClientCodec<EncodeState> = {
  id: 'openai-chat',
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
