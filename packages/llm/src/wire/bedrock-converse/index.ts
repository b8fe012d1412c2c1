import type { UpstreamCodec } from '../codec.ts';
import { isObject } from '../read.ts';
import { decodeFailure } from './decode-failure.ts';
import { decodeResponse } from './decode-response.ts';
import { decodeStream, type State } from './decode-stream.ts';
import type { BedrockConverseDialect } from './dialect.ts';
import { encodeRequest } from './encode-request.ts';
import { decodeUsage } from './usage.ts';

/** Amazon Bedrock's Converse, which is only called. */
export const bedrockConverse: UpstreamCodec<BedrockConverseDialect, State> = {
  id: 'bedrock-converse',
  framing: 'aws-event-stream',
  encodeRequest,
  decodeResponse,
  decodeUsage: (usage) => (isObject(usage) ? decodeUsage(usage) : undefined),
  decodeStream,
  decodeFailure,
};
