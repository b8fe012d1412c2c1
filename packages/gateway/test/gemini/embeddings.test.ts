import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { GoogleGenAI } from '@google/genai';

import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, TEST_KEY, type TestGateway } from '../support/test-gateway.ts';

let upstream: ScriptedUpstream;
let other: ScriptedUpstream;
let gateway: TestGateway;
let google: GoogleGenAI;

before(async () => {
  upstream = await startUpstream(() => undefined);
  other = await startUpstream(() => undefined);
  gateway = await startGateway([
    provider('gemini', `${upstream.url}/v1beta`, 'gemini-key'),
    provider('openai', `${other.url}/v1`, 'openai-key'),
    provider('anthropic', other.url, 'anthropic-key'),
  ]);
  google = new GoogleGenAI({ apiKey: TEST_KEY, httpOptions: { baseUrl: gateway.url } });
});
after(async () => {
  await gateway.close();
  await upstream.close();
  await other.close();
});
beforeEach(() => {
  upstream.seen.length = 0;
  other.seen.length = 0;
});

const bodyOf = ({ seen }: ScriptedUpstream): unknown => JSON.parse(String(seen[0]?.body));
const content = (text: string): object => ({ parts: [{ text }] });
const vectors = (...embeddings: readonly unknown[]): object => ({
  object: 'list',
  data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })).toReversed(),
  model: 'm',
  usage: { prompt_tokens: 8, total_tokens: 8 },
});

describe('embeddings in Gemini’s dialect', () => {
  it('reach Gemini with its own name for the model, and its answer passes byte for byte', async () => {
    const answer = '{"embeddings": [ {"values": [0.5, -1]}, {"values": [1, 2]} ]}';
    upstream.answer = (_, response) => sendJson(response, 200, answer);
    const config = { outputDimensionality: 2, taskType: 'RETRIEVAL_QUERY' };
    const { embeddings } = await google.models.embedContent({
      model: 'gemini/gemini-embedding-001',
      contents: ['a', 'b'],
      config,
    });
    assert.deepEqual(
      embeddings?.map(({ values }) => values),
      [
        [0.5, -1],
        [1, 2],
      ],
    );
    assert.equal(upstream.seen[0]?.path, '/v1beta/models/gemini-embedding-001:batchEmbedContents');
    const { requests } = bodyOf(upstream) as { requests: { model: string; taskType: string }[] };
    assert.deepEqual(
      requests.map(({ model, taskType }) => [model, taskType]),
      [
        ['models/gemini-embedding-001', 'RETRIEVAL_QUERY'],
        ['models/gemini-embedding-001', 'RETRIEVAL_QUERY'],
      ],
    );
    upstream.seen.length = 0;
    const single = await post(gateway, '/v1beta/models/gemini/e:embedContent', { content: content('a') });
    assert.equal(await single.text(), answer);
    assert.deepEqual(bodyOf(upstream), { content: content('a') });
    assert.equal(upstream.seen[0]?.path, '/v1beta/models/e:embedContent');
  });

  it('reach other providers in OpenAI’s, and come back in order', async () => {
    other.answer = (_, response) => sendJson(response, 200, vectors([0.5, -1], [1, 2]));
    const { embeddings } = await google.models.embedContent({
      model: 'openai/text-embedding-3-small',
      contents: ['a', 'b'],
      config: { outputDimensionality: 2 },
    });
    assert.deepEqual(
      embeddings?.map(({ values }) => values),
      [
        [0.5, -1],
        [1, 2],
      ],
    );
    assert.equal(other.seen[0]?.path, '/v1/embeddings');
    assert.deepEqual(bodyOf(other), {
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 2,
      encoding_format: 'float',
    });
  });

  it('are read in base64 too, counted, and told singly where one was asked for', async () => {
    const base64 = Buffer.from(Float32Array.from([0.5, -1]).buffer).toString('base64');
    other.answer = (_, response) => sendJson(response, 200, vectors(base64));
    gateway.records.length = 0;
    const response = await post(gateway, '/v1/models/openai/e:embedContent', { content: content('a') });
    assert.deepEqual(await response.json(), { embedding: { values: [0.5, -1] } });
    const record = gateway.records.at(-1);
    assert.equal(record?.attempts[0]?.usage?.inputTokens, 8);
    assert.equal(record?.route, '/v1beta/models/{model}:embedContent');
  });

  it('name what only Gemini has a place for', async () => {
    other.answer = (_, response) => sendJson(response, 200, vectors([1]));
    const asked = { content: content('a'), task_type: 'RETRIEVAL_DOCUMENT', title: 't' };
    const response = await post(gateway, '/v1/models/openai/e:embedContent', asked);
    assert.equal(response.headers.get('x-patchbay-losses'), 'taskType;dropped, title;dropped');
    const strict = await post(gateway, '/v1/models/openai/e:embedContent', asked, { 'x-patchbay-strict': 'true' });
    assert.equal(strict.status, 400);
  });
});

describe('400', () => {
  const refused = async (verb: string, body: object, path: string): Promise<void> => {
    const response = await post(gateway, `/v1/models/openai/e:${verb}`, body);
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { message: string; status: string } };
    assert.equal(error.status, 'INVALID_ARGUMENT');
    assert.ok(error.message.includes(`\`${path}\``), error.message);
  };

  it('for what cannot be asked of another provider', async () => {
    await refused('embedContent', {}, 'content');
    await refused('embedContent', { content: { parts: [{ inlineData: {} }] } }, 'content.parts[0].text');
    await refused('batchEmbedContents', { requests: [] }, 'requests');
    const sizes = [1, 2].map((outputDimensionality) => ({ content: content('a'), outputDimensionality }));
    await refused('batchEmbedContents', { requests: sizes }, 'requests');
    assert.equal(other.seen.length, 0);
  });
});

describe('404', () => {
  it('where the provider has no vectors', async () => {
    const response = await post(gateway, '/v1/models/anthropic/claude:embedContent', { content: content('a') });
    assert.equal(response.status, 404);
    assert.match(await response.text(), /does not serve embeddings/);
  });
});

describe('502', () => {
  it('where a vector is missing', async () => {
    other.answer = (_, response) => sendJson(response, 200, vectors([1]));
    const requests = ['a', 'b'].map((text) => ({ content: content(text) }));
    const response = await post(gateway, '/v1/models/openai/e:batchEmbedContents', { requests });
    assert.equal(response.status, 502);
  });
});
