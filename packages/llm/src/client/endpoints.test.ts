import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';

import type { JsonObject } from '../model/json.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { createClient } from './create-client.ts';

interface Asked {
  readonly path: string;
  readonly body: JsonObject;
}

/** A server of three vendors that answers each path with what it is given. */
async function serverOf(answers: Readonly<Record<string, JsonObject>>) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push({ path, body: body === '' ? {} : (JSON.parse(body) as JsonObject) });
      const answer = answers[path];
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: { message: 'nothing here' } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { openai, anthropic, gemini, groq } = PROVIDERS;
  return {
    asked,
    client: createClient({
      providers: [openai, anthropic, gemini, groq].map((record) => ({ ...record, baseUrl })),
      credentials: { openai: 'k', anthropic: 'k', gemini: 'k', groq: 'k' },
    }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('vectors of texts', () => {
  it('come in the order of the texts, with what they cost', async () => {
    await using server = await serverOf({
      '/embeddings': {
        data: [
          { index: 1, embedding: [0.3, 0.4] },
          { index: 0, embedding: [0.1, 0.2] },
        ],
        usage: { prompt_tokens: 1000, total_tokens: 1000 },
      },
    });
    const model = 'openai/text-embedding-3-small';
    const answer = await server.client.embed({ model, values: ['a', 'b'], dimensions: 2 });
    assert.deepEqual(answer.embeddings, [
      [0.1, 0.2],
      [0.3, 0.4],
    ]);
    assert.deepEqual(server.asked[0]?.body, {
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 2,
    });
    // 1 000 tokens at 2 cents a million.
    assert.deepEqual([answer.provider, answer.usage?.inputTokens, answer.cost?.nanoUsd], ['openai', 1000, 20_000]);
  });

  it('come from Google in Google’s own way', async () => {
    await using server = await serverOf({
      '/models/gemini-embedding-001:batchEmbedContents': { embeddings: [{ values: [1, 2] }] },
    });
    const { embeddings } = await server.client.embed({ model: 'gemini/gemini-embedding-001', values: 'a' });
    assert.deepEqual(embeddings, [[1, 2]]);
    assert.deepEqual(server.asked[0]?.body, {
      requests: [{ model: 'models/gemini-embedding-001', content: { parts: [{ text: 'a' }] } }],
    });
  });

  it('fail where there are none, where one is missing, and for nothing', async () => {
    await using server = await serverOf({ '/embeddings': { data: [{ index: 0, embedding: [1] }] } });
    await assert.rejects(
      server.client.embed({ model: 'anthropic/claude', values: 'a' }),
      /Anthropic serves no vectors/,
    );
    await assert.rejects(server.client.embed({ model: 'openai/m', values: ['a', 'b'] }), /a vector for each text/);
    await assert.rejects(server.client.embed({ model: 'openai/m', values: [] }), /at least one text/);
  });
});

describe('pictures', () => {
  it('come as media, by bytes or by address', async () => {
    await using server = await serverOf({
      '/images/generations': { output_format: 'webp', data: [{ b64_json: 'QUJD' }, { url: 'https://example.com/a' }] },
    });
    const { images } = await server.client.image({ model: 'openai/gpt-image-1', prompt: 'a cat', count: 2 });
    assert.deepEqual(images, [
      { type: 'media', mediaType: 'image/webp', source: { kind: 'base64', data: 'QUJD' } },
      { type: 'media', mediaType: 'image/webp', source: { kind: 'url', url: 'https://example.com/a' } },
    ]);
    assert.deepEqual(server.asked[0]?.body, { model: 'gpt-image-1', prompt: 'a cat', n: 2 });
    await assert.rejects(server.client.image({ model: 'anthropic/claude', prompt: 'a cat' }), /makes no pictures/);
  });
});

describe('counting tokens', () => {
  const ask = { system: 'Be brief.', prompt: 'How long is this?', temperature: 0.5, maxOutputTokens: 9 };

  it('is done by the vendors that can, with nothing that they would refuse', async () => {
    await using server = await serverOf({
      '/messages/count_tokens': { input_tokens: 11 },
      '/models/gemini-3-pro:countTokens': { totalTokens: 12 },
      '/responses/input_tokens': { object: 'response.input_tokens', input_tokens: 13 },
    });
    for (const [model, inputTokens] of [
      ['anthropic/claude-sonnet-4-5', 11],
      ['gemini/gemini-3-pro', 12],
      ['openai/gpt-4o', 13],
    ] as const)
      assert.deepEqual(await server.client.countTokens({ ...ask, model }), { inputTokens, estimated: false });
    const [claude, google, openai] = server.asked.map(({ body }) => body);
    assert.deepEqual(Object.keys(claude ?? {}).sort(), ['messages', 'model', 'system']);
    assert.deepEqual(Object.keys(openai ?? {}).sort(), ['input', 'instructions', 'model']);
    const inner = google?.['generateContentRequest'] as JsonObject | undefined;
    assert.equal(inner?.['model'], 'models/gemini-3-pro');
    assert.ok(inner?.['systemInstruction'] !== undefined);
  });

  it('is estimated for the others, and says so', async () => {
    await using server = await serverOf({});
    const counted = await server.client.countTokens({ model: 'groq/llama', prompt: 'x'.repeat(47) });
    assert.deepEqual(counted, { inputTokens: 10, estimated: true });
    assert.equal(server.asked.length, 0);
  });
});
