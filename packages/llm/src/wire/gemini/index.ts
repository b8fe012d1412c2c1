import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeRequest } from './decode-request.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { GeminiDialect } from './dialect.ts';
import { enveloped } from './envelope.ts';
import { encodeFailure } from './encode-failure.ts';
import { encodeRequest } from './encode-request.ts';
import { encodeResponse } from './encode-response.ts';
import { encodeStream, type State as EncodeState } from './encode-stream.ts';
import { decodeUsage } from './usage.ts';

/** Gemini’s `generateContent` and `streamGenerateContent`, both halves. */
export const gemini: UpstreamCodec<GeminiDialect, DecodeState> & ClientCodec<EncodeState> = {
  id: 'gemini',
  usageMember: 'usageMetadata',
  ...enveloped({ encodeRequest, decodeResponse, decodeStream }),
  decodeRequest,
  decodeUsage,
  encodeResponse,
  encodeStream,
  decodeFailure,
  encodeFailure,
};
