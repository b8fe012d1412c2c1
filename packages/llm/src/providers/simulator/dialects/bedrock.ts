import type { ClientCodec } from '../../../wire/codec.ts';
import { decodeBody, Refusal } from '../../../wire/refusal.ts';
import { encodeAmazonFailure } from './amazon-failure.ts';
import { converseStream, writeConverse } from './bedrock-answer.ts';
import { readConverse } from './bedrock-request.ts';

/** Amazon's side of Converse. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const bedrockServer: ClientCodec<Map<number, unknown>> = {
  id: 'bedrock-converse',
  decodeRequest: (body, addressed) =>
    decodeBody(body, (object) => {
      if (addressed === undefined) throw new Refusal('modelId', 'named in the address');
      return readConverse(object, addressed);
    }),
  encodeResponse: (response) => ({ body: writeConverse(response), losses: [] }),
  encodeStream: converseStream,
  encodeFailure: encodeAmazonFailure,
};
