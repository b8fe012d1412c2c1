import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';

import type { UpstreamRequest } from '../../transport/exchange.ts';
import type { AwsCredential } from '../credential.ts';
import { Secret } from '../secret.ts';
import { signSigV4 } from './sigv4.ts';

/** The account and the moment of Amazon's own test suite. */
const ACCOUNT: AwsCredential = {
  kind: 'aws',
  id: 'main',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
  region: 'us-east-1',
};
const AT = { service: 'service', nowMs: Date.UTC(2015, 7, 30, 12, 36) };
const HOST = 'https://example.amazonaws.com';

const signatureOf = ({ authorization = '' }: Readonly<Record<string, string>>): string =>
  authorization.slice(authorization.indexOf('Signature=') + 'Signature='.length);

/** Amazon's vectors by their names: requests of nothing but a host, a time, and a method, a path or a query. */
const VECTORS: readonly (readonly [name: string, method: 'GET' | 'POST', path: string, signature: string])[] = [
  ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
];

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

const token = (account: AwsCredential) =>
  account.sessionToken === undefined ? {} : { sessionToken: account.sessionToken.reveal() };

/** The signature by Amazon's own signer. */
async function officially(request: UpstreamRequest, account: AwsCredential, service: string, nowMs: number) {
  const { hostname, pathname } = new URL(request.url);
  const { accessKeyId, secretAccessKey, region } = account;
  const credentials = { accessKeyId, secretAccessKey: secretAccessKey.reveal(), ...token(account) };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'https:',
      hostname,
      path: pathname,
      headers: { host: hostname },
      body: request.body,
    },
    { signingDate: new Date(nowMs) },
  );
  return signed.headers;
}

describe('signSigV4', () => {
  for (const [name, method, path, signature] of VECTORS)
    it(`signs Amazon’s vector ${name}`, async () => {
      const headers = await signSigV4({ method, url: HOST + path, headers: {} }, ACCOUNT, AT);
      assert.equal(signatureOf(headers), signature);
      assert.equal(headers['x-amz-date'], '20150830T123600Z');
    });

  it('signs models in the path and any body as Amazon’s own signer does', async () => {
    const model = fc.constantFrom(
      'us.anthropic.claude-sonnet-4-5-20250929-v1%3A0',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'arn%3Aaws%3Abedrock%3Aus-east-1%3A0%3Ainference-profile%2Fa.b',
      "a(b)*c!'~d",
    );
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array());
    const session = fc.option(fc.constantFrom('canary+/=', 'canary'), { nil: undefined });
    const at = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2090, 0) });
    await fc.assert(
      fc.asyncProperty(model, body, session, at, async (name, content, sessionToken, nowMs) => {
        const url = `https://bedrock-runtime.us-east-1.amazonaws.com/model/${name}/converse`;
        const request: UpstreamRequest = { method: 'POST', url, headers: {}, body: content };
        const account = { ...ACCOUNT, ...(sessionToken !== undefined && { sessionToken: new Secret(sessionToken) }) };
        const headers = await signSigV4(request, account, { service: 'bedrock', nowMs });
        const wanted = await officially(request, account, 'bedrock', nowMs);
        assert.equal(headers['authorization'], wanted['authorization']);
        assert.equal(headers['x-amz-security-token'], wanted['x-amz-security-token']);
      }),
      { numRuns: 150 },
    );
  });

  it('signs nothing that the way to Amazon may add or change', async () => {
    const headers = { accept: 'a', 'user-agent': 'b', 'content-type': 'c' };
    const bare = await signSigV4({ method: 'POST', url: HOST, headers: {}, body: '{}' }, ACCOUNT, AT);
    assert.deepEqual(await signSigV4({ method: 'POST', url: HOST, headers, body: '{}' }, ACCOUNT, AT), bare);
    assert.deepEqual(Object.keys(bare).sort(), ['authorization', 'x-amz-date']);
  });
});
