import type { Json } from '../../model/json.ts';
import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeList } from './decode-list.ts';
import { decodeRequest } from './decode-request.ts';
import type { GeminiDialect } from './dialect.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';
import { geminiUpstream } from './upstream.ts';
import type { State as DecodeState } from './decode-stream.ts';

/** Gemini’s `generateContent` and `streamGenerateContent`, both halves. */
export const gemini: UpstreamCodec<GeminiDialect, DecodeState> & ClientCodec<EncodeState> = {
  ...geminiUpstream,
  decodeResponse: (body, dialect) =>
    Array.isArray(body) ? decodeList(body as readonly Json[]) : geminiUpstream.decodeResponse(body, dialect),
  decodeRequest,
  encodeResponse,
  encodeStream,
  encodeFailure,
};
