import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import type { AwsCredential } from '../credential.ts';
import { Secret } from '../secret.ts';
import { signSigV4 } from './sigv4.ts';
import { verifySigV4, type ArrivedRequest } from './verify-sigv4.ts';

const ACCOUNT: AwsCredential = {
  kind: 'aws',
  id: 'main',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
  region: 'us-east-1',
};
const NOW_MS = Date.UTC(2026, 10, 21, 12, 36);
const KNOWN = {
  secrets: { AKIDEXAMPLE: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  service: 'bedrock',
  nowMs: NOW_MS,
};

async function signed(url: string, body: string): Promise<ArrivedRequest> {
  const request = { method: 'POST', url, headers: {}, body };
  return { ...request, headers: await signSigV4(request, ACCOUNT, { service: 'bedrock', nowMs: NOW_MS }) };
}

const URL_OF_MODEL = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-x%3A0/converse';

const QUERY = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 4 });

describe('verifySigV4', () => {
  it('holds for Amazon’s own test vector', async () => {
    const fault = await verifySigV4(
      {
        method: 'GET',
        url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1',
        headers: {
          host: 'example.amazonaws.com',
          'x-amz-date': '20150830T123600Z',
          authorization:
            'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
        },
        body: '',
      },
      { ...KNOWN, service: 'service', nowMs: Date.UTC(2015, 7, 30, 12, 36) },
    );
    assert.equal(fault, undefined);
  });

  it('holds for what our signer signs, whatever stands in path, query and body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), QUERY, fc.string(), async (path, query, body) => {
        const request = await signed(`https://a.example${path || '/'}?${new URLSearchParams(query).toString()}`, body);
        assert.equal(await verifySigV4(request, KNOWN), undefined);
      }),
      { numRuns: 30 },
    );
  });

  it('falls with any change of what is signed', async () => {
    const request = await signed(URL_OF_MODEL, '{"a":1}');
    assert.equal(await verifySigV4(request, KNOWN), undefined);
    const changes: readonly Partial<ArrivedRequest>[] = [
      { body: '{"a":2}' },
      { method: 'PUT' },
      { url: URL_OF_MODEL.replace('converse', 'invoke') },
      { url: `${URL_OF_MODEL}?a=b` },
      { url: URL_OF_MODEL.replace('us-east-1', 'us-west-2') },
      { headers: { ...request.headers, 'x-amz-date': '20261121T123601Z' } },
    ];
    for (const change of changes) assert.equal(await verifySigV4({ ...request, ...change }, KNOWN), 'wrong');
  });

  it('tells apart why it does not hold', async () => {
    const request = await signed(URL_OF_MODEL, '{}');
    assert.equal(await verifySigV4({ ...request, headers: {} }, KNOWN), 'missing');
    assert.equal(await verifySigV4(request, { ...KNOWN, secrets: {} }), 'unknown-account');
    assert.equal(await verifySigV4(request, { ...KNOWN, secrets: { AKIDEXAMPLE: 'x' } }), 'wrong');
    assert.equal(await verifySigV4(request, { ...KNOWN, service: 's3' }), 'wrong');
    assert.equal(await verifySigV4(request, { ...KNOWN, nowMs: NOW_MS + 300_001 }), 'expired');
    assert.equal(await verifySigV4(request, { ...KNOWN, nowMs: Number.NaN }), 'expired');
  });
});
