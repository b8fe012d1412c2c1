import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Secret } from '../credentials/secret.ts';
import { ok } from '../model/failure.ts';
import type { GenerationRequest } from '../model/request.ts';
import { loadRecordings } from '../testing/recordings.ts';
import type { Exchange, UpstreamRequest } from '../transport/exchange.ts';
import type { Client } from './client-of.ts';
import { createClient } from './create-client.ts';
import { LlmError } from './llm-error.ts';

const MODEL = 'bedrock/us.amazon.nova-micro-v1:0';
const ACCOUNT = {
  kind: 'aws',
  id: 'main',
  accessKeyId: 'AKIACANARY',
  secretAccessKey: new Secret('canary'),
  region: 'eu-west-3',
} as const;

const ask: GenerationRequest = {
  model: MODEL,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
  stream: false,
  streamUsage: false,
};

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A client at Bedrock's recordings, and what it sends. */
function atBedrock(): { readonly client: Client; readonly sent: UpstreamRequest[] } {
  const [whole] = loadRecordings('bedrock.converse').filter(({ id }) => id.endsWith('model-service-tier'));
  const [streamed] = loadRecordings('bedrock.converse-stream').filter(({ id }) => id.endsWith('iter-stream-1'));
  const sent: UpstreamRequest[] = [];
  const exchange: Exchange = {
    send: (request) => {
      sent.push(request);
      const isStream = request.url.endsWith('/converse-stream');
      const bytes = isStream
        ? Buffer.from(streamed?.response.eventstream_base64 ?? '', 'base64')
        : Buffer.from(JSON.stringify(whole?.response.body));
      const type = isStream ? 'application/vnd.amazon.eventstream' : 'application/json';
      return Promise.resolve(ok({ status: 200, headers: { 'content-type': type }, body: inPieces(bytes, 97) }));
    },
  };
  const variables = { AWS_REGION: 'eu-west-3' };
  return { client: createClient({ exchange, variables, credentials: { bedrock: [ACCOUNT] } }), sent };
}

describe('a client with an account of Amazon’s', () => {
  it('signs, and names the answers that come without names', async () => {
    const { client, sent } = atBedrock();
    const answer = await client.generate(ask);
    const [part] = answer.content;
    assert.match(part?.type === 'text' ? part.text : '', /Paris/);
    assert.equal(answer.model, MODEL);
    assert.match(answer.id, /^answer-./);
    assert.ok(answer.createdAtMs > 0);
    assert.match(sent[0]?.url ?? '', /^https:\/\/bedrock-runtime\.eu-west-3\.amazonaws\.com\/model\/[^/]+\/converse$/);
    assert.match(
      sent[0]?.headers['authorization'] ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKIACANARY\/\d{8}\/eu-west-3\/bedrock\//,
    );
  });

  it('reads streams of Amazon’s own framing', async () => {
    const { client, sent } = atBedrock();
    const kinds: string[] = [];
    for await (const event of client.stream({ ...ask, stream: true })) kinds.push(event.type);
    assert.equal(kinds[0], 'response-start');
    assert.equal(kinds.at(-1), 'finish');
    assert.equal(sent[0]?.headers['accept'], 'application/vnd.amazon.eventstream');
  });
});

describe('a model that answers by streams only', () => {
  it('is collected for who asks for a whole answer', async () => {
    const chunk = (text: string, rest: object = {}): string =>
      `data: ${JSON.stringify({ response: { candidates: [{ content: { role: 'model', parts: [{ text }] }, ...rest }] } })}\n\n`;
    const body = Buffer.from(`${chunk('one ')}${chunk('two', { finishReason: 'STOP' })}`);
    const exchange: Exchange = {
      send: () =>
        Promise.resolve(ok({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: inPieces(body, 7) })),
    };
    const variables = { ANTIGRAVITY_PROJECT: 'mine' };
    const client = createClient({ exchange, variables, credentials: { antigravity: 'canary' } });
    const { content } = await client.generate({ ...ask, model: 'antigravity/claude-sonnet-4-5' });
    assert.deepEqual(content, [{ type: 'text', text: 'one two' }]);
  });
});

describe('a provider whose address has parts of the customer’s own', () => {
  it('is refused at once without them, and only where it is wanted', () => {
    assert.throws(
      () => createClient({ credentials: { azure: 'canary' } }),
      (error) => error instanceof LlmError && /AZURE_OPENAI_RESOURCE is needed/.test(error.message),
    );
    createClient({ credentials: { openai: 'canary' } });
  });
});
