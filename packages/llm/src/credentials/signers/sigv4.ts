import { AwsV4Signer } from 'aws4fetch';
import type { UpstreamRequest } from '../../transport/exchange.ts';
import type { AwsCredential } from '../credential.ts';

/** What a signature holds for: a service of Amazon's, and a time in milliseconds since 1970. */
export interface SignatureScope {
  readonly service: string;
  readonly nowMs: number;
  /** Keys of the account's days, which take most of the work to make; what is made is added. Default: none are known. */
  readonly dayKeys?: Map<string, ArrayBuffer>;
}

/** Names the hash of the body in hexadecimal digits. */
const BODY_HASH = 'x-amz-content-sha256';

/**
 * The headers by which Amazon knows who sends this very request: method, address and body may not change afterwards.
 * Other headers are not signed, so that whoever sends it may still add some; but for the body's hash, which S3 wants said.
 * A signature holds for five minutes.
 */
export async function signSigV4(
  { method, url, body, headers: given }: UpstreamRequest,
  credential: AwsCredential,
  { service, nowMs, dayKeys = new Map() }: SignatureScope,
): Promise<Readonly<Record<string, string>>> {
  const { accessKeyId, secretAccessKey, sessionToken, region } = credential;
  const signer = new AwsV4Signer({
    method,
    url,
    ...(body !== undefined && { body }),
    ...(given[BODY_HASH] !== undefined && { headers: { [BODY_HASH]: given[BODY_HASH] } }),
    accessKeyId,
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken !== undefined && { sessionToken: sessionToken.reveal() }),
    service,
    region,
    cache: dayKeys,
    datetime: new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers.entries());
}
