import type { UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State } from './decode-stream.ts';
import type { OllamaChatDialect } from './dialect.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeUsage } from './usage.ts';

/** Ollama's own chat, which is only called. */
export const ollamaChat: UpstreamCodec<OllamaChatDialect, State> = {
  id: 'ollama-chat',
  framing: 'ndjson',
  encodeRequest,
  decodeResponse,
  decodeUsage,
  decodeStream,
  decodeFailure,
};
