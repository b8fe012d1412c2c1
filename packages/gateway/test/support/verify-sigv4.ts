import { createHash, createHmac } from 'node:crypto';

import { SignatureV4 } from '@smithy/signature-v4';

import type { SeenRequest } from './scripted-upstream.ts';

/** What Amazon knows of an account. */
export interface KnownAccount {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What Amazon's signer hashes. */
type Data = string | ArrayBuffer | ArrayBufferView;
const bytesOf = (data: Data): string | Uint8Array => {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

/** Node's hashes in the shape that Amazon's signer asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: Data): void {
    this.#hash.update(bytesOf(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error('A hash is used once here.');
  }
}

/** True when a request arrived as its sender signed it, by Amazon's own reckoning, with the keys of this account. */
export async function isSignedBy(account: KnownAccount, region: string, seen: SeenRequest): Promise<boolean> {
  const { host = '', authorization } = seen.headers;
  const date = String(seen.headers['x-amz-date']).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  const signer = new SignatureV4({
    credentials: account,
    region,
    service: 'bedrock',
    sha256: Sha256,
    applyChecksum: false,
  });
  const { pathname, searchParams } = new URL(seen.path, 'http://a');
  const query = Object.fromEntries(searchParams);
  const signed = await signer.sign(
    {
      query,
      method: seen.method,
      protocol: 'http:',
      hostname: host,
      path: pathname,
      headers: { host },
      body: seen.body,
    },
    { signingDate: new Date(date) },
  );
  return (
    signed.headers['authorization'] === authorization && seen.headers['x-amz-security-token'] === account.sessionToken
  );
}
