import type { UpstreamCodec } from '../codec.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State as DecodeState } from './decode-stream.ts';
import type { GeminiDialect } from './dialect.ts';
import { enveloped } from './envelope.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeUsage } from './usage.ts';

/** Gemini’s `generateContent` and `streamGenerateContent`, the half that speaks to providers: all that a program needs which serves nobody. */
export const geminiUpstream: UpstreamCodec<GeminiDialect, DecodeState> = {
  id: 'gemini',
  usageMember: 'usageMetadata',
  ...enveloped({ encodeRequest, decodeResponse, decodeStream }),
  decodeUsage,
  decodeFailure,
};
