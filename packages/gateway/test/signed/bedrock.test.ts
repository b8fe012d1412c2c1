import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { AwsCredential } from '@patchbay/llm/credentials/credential';
import { Secret } from '@patchbay/llm/credentials/secret';
import { loadRecordings, type Recording } from '@patchbay/llm/testing/recordings';
import { AwsEventStreamDecoder } from '@patchbay/llm/transport/aws-event-stream';

import { asksOf, DIALECTS, officialClients } from '../support/official-clients.ts';
import { sendJson, startUpstream, type ScriptedUpstream, type SeenRequest } from '../support/scripted-upstream.ts';
import { post, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';
import { isSignedBy, type KnownAccount } from '../support/verify-sigv4.ts';

const REGION = 'eu-west-3';
const ACCOUNTS: readonly KnownAccount[] = [
  { accessKeyId: 'AKIACANARYONE', secretAccessKey: 'canary-secret-of-the-first' },
  {
    accessKeyId: 'ASIACANARYTWO',
    secretAccessKey: 'canary-secret-of-the-second',
    sessionToken: 'canary-session-of-the-second',
  },
];
const MODEL = 'us.amazon.nova-micro-v1:0';

const credentialOf = (account: KnownAccount, at: number): AwsCredential => ({
  kind: 'aws',
  id: `bedrock-${at + 1}`,
  accessKeyId: account.accessKeyId,
  secretAccessKey: new Secret(account.secretAccessKey),
  ...(account.sessionToken !== undefined && { sessionToken: new Secret(account.sessionToken) }),
  region: REGION,
});

const recorded = (api: string, name: string): Recording => {
  const found = loadRecordings(api).find(({ id }) => id.endsWith(name));
  assert.ok(found, name);
  return found;
};
const WHOLE = recorded('bedrock.converse', 'test-bedrock-model-service-tier');
const STREAM = recorded('bedrock.converse-stream', 'test-bedrock-model-iter-stream-1');
const BYTES = Buffer.from(STREAM.response.eventstream_base64 ?? '', 'base64');

/** What the recordings say, read without our codecs. */
const WHOLE_TEXT = (
  WHOLE.response.body as unknown as { output: { message: { content: readonly { text?: string }[] } } }
).output.message.content
  .map(({ text = '' }) => text)
  .join('');
const STREAM_TEXT = new AwsEventStreamDecoder()
  .push(BYTES)
  .filter(({ event }) => event === 'contentBlockDelta')
  .map(({ data }) => (JSON.parse(data) as { delta: { text?: string } }).delta.text ?? '')
  .join('');

/** Who signed a request, by Amazon's own reckoning; -1 when nobody did. */
async function signerOf(seen: SeenRequest): Promise<number> {
  const signed = await Promise.all(ACCOUNTS.map((account) => isSignedBy(account, REGION, seen)));
  return signed.indexOf(true);
}

let upstream: ScriptedUpstream;
let gateway: TestGateway;
/** Which account each request was signed by, in order. */
const signers: number[] = [];

before(async () => {
  upstream = await startUpstream(() => undefined);
  const accounts = ACCOUNTS.map(credentialOf);
  gateway = await startGateway([{ providerId: 'bedrock', baseUrl: upstream.url, accounts }]);
});
after(async () => {
  await gateway.close();
  await upstream.close();
});
beforeEach(() => {
  signers.length = 0;
  upstream.seen.length = 0;
  upstream.answer = async (seen, response) => {
    const signer = await signerOf(seen);
    signers.push(signer);
    if (signer < 0) return sendJson(response, 403, { message: 'The request signature we calculated does not match.' });
    if (!seen.path.endsWith('/converse-stream')) return sendJson(response, 200, WHOLE.response.body);
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    // In pieces that end in the middle of messages.
    for (let at = 0; at < BYTES.length; at += 97) response.write(BYTES.subarray(at, at + 97));
    response.end();
  };
});

describe('Bedrock, reached with signatures', () => {
  for (const format of DIALECTS)
    for (const stream of [false, true])
      it(`answers the official client of ${format}, ${stream ? 'streamed' : 'whole'}`, async () => {
        const ask = asksOf(officialClients(gateway.url))[format];
        const said = await ask?.(`bedrock/${MODEL}`, false, stream);
        assert.equal(said?.text, stream ? STREAM_TEXT : WHOLE_TEXT);
        assert.notEqual(signers[0], -1);
        const [seen] = upstream.seen;
        assert.equal(seen?.path, `/model/us.amazon.nova-micro-v1%3A0/${stream ? 'converse-stream' : 'converse'}`);
        assert.equal(seen?.headers.accept, stream ? 'application/vnd.amazon.eventstream' : 'application/json');
        const record = await gateway.nextRecord();
        assert.equal(record.state, 'success');
        assert.equal(record.attempts[0]?.usage?.estimated, false);
        assert.ok((record.attempts[0]?.usage?.outputTokens ?? 0) > 0);
      });

  it('names its answers, which come without names', async () => {
    const chat = { model: `bedrock/${MODEL}`, messages: [{ role: 'user', content: 'hi' }] };
    const response = await post(gateway, '/v1/chat/completions', chat, { 'x-request-id': 'named-by-the-caller' });
    const answer = (await response.json()) as { id: string; model: string; created: number };
    const record = await gateway.nextRecord();
    assert.equal(answer.id, record.requestId);
    assert.equal(answer.model, `bedrock/${MODEL}`);
    assert.ok(answer.created > 1_700_000_000);
  });

  it('is asked for models by their whole addresses, signed as they are sent', async () => {
    const arn = 'arn:aws:bedrock:eu-west-3:0:inference-profile/us.amazon.nova-micro-v1:0';
    const chat = { model: `bedrock/${arn}`, messages: [{ role: 'user', content: 'hi' }] };
    assert.equal((await post(gateway, '/v1/chat/completions', chat)).status, 200);
    assert.match(upstream.seen[0]?.path ?? '', /^\/model\/[^/]+%2F[^/]+\/converse$/);
    assert.notEqual(signers[0], -1);
    await gateway.nextRecord();
  });
});

describe('an account of Amazon’s that is refused', () => {
  const CHAT = { model: `bedrock/${MODEL}`, messages: [{ role: 'user', content: 'hi' }] };
  const REFUSALS = [
    [
      429,
      { message: 'Too many requests, please wait before trying again.' },
      { 'x-amzn-errortype': 'ThrottlingException' },
    ],
    [
      403,
      { message: 'The security token included in the request is invalid.' },
      { 'x-amzn-errortype': 'UnrecognizedClientException' },
    ],
    [
      403,
      { message: 'You don’t have access to the model with the specified model ID.' },
      { 'x-amzn-errortype': 'AccessDeniedException' },
    ],
  ] as const;

  for (const [status, body, headers] of REFUSALS)
    it(`gives way to the next after ${headers['x-amzn-errortype']}`, async () => {
      const answer = upstream.answer;
      const fresh = await startGateway([
        { providerId: 'bedrock', baseUrl: upstream.url, accounts: ACCOUNTS.map(credentialOf) },
      ]);
      upstream.answer = async (seen, response, number) => {
        if (number > 0) return answer(seen, response, number);
        signers.push(await signerOf(seen));
        sendJson(response, status, body, headers);
      };
      const response = await post(fresh, '/v1/chat/completions', CHAT);
      assert.equal(response.status, 200);
      const record = await fresh.nextRecord();
      await fresh.close();
      assert.deepEqual(
        signers.toSorted((a, b) => a - b),
        [0, 1],
      );
      assert.deepEqual(
        record.attempts.map(({ state }) => state),
        ['failed', 'success'],
      );
    });

  it('shows nothing that it signs with, although the provider repeats it', async () => {
    upstream.answer = async (seen, response) => {
      const { secretAccessKey, sessionToken } = ACCOUNTS[await signerOf(seen)] ?? {};
      const message = `You sent ${secretAccessKey} and ${sessionToken}.`;
      sendJson(response, 400, { message }, { 'x-amzn-errortype': 'ValidationException' });
    };
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const text = await (await post(gateway, path, { ...CHAT, max_tokens: 5 })).text();
      const record = await gateway.nextRecord();
      assert.match(text, /\[secret\]/);
      for (const shown of [text, JSON.stringify(record)]) assert.doesNotMatch(shown, /canary-(?:secret|session)/);
    }
  });
});

describe('what passes through to Bedrock', () => {
  const pass = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gateway.url}/pass/bedrock${path}`, { ...init, headers: { authorization: `Bearer ${TEST_KEY}` } });

  it('is signed when it has no body', async () => {
    assert.equal((await pass('/guardrail/a?version=1&b=2')).status, 200);
    assert.notEqual(signers[0], -1);
    await gateway.nextRecord();
  });

  it('is refused with a body, which the signature would have to cover', async () => {
    const response = await pass('/model/a/invoke', { method: 'POST', body: '{}' });
    assert.match(await response.text(), /only with an API key, because signatures cover them/);
    assert.equal(upstream.seen.length, 0);
    await gateway.nextRecord();
  });
});
