import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { APICallError, embedMany, generateImage } from 'ai';

import { createPatchbay } from '@patchbay/llm/ai-sdk';
import { optionsAt, startAnswering, vectorsOf } from '../fetch/two-providers.ts';

describe('vectors and pictures for the AI SDK', () => {
  it('has a vector for each text, with usage', async () => {
    const server = await startAnswering((_, body) => vectorsOf(body));
    try {
      const patchbay = createPatchbay(optionsAt(server.url, { deadUrl: '' }));
      const model = patchbay.embeddingModel('openai/text-embedding-3-small');
      const { embeddings, usage } = await embedMany({ model, values: ['one', 'three'] });
      assert.deepEqual(embeddings, [
        [3, 0.5],
        [5, 0.5],
      ]);
      assert.equal(usage.tokens, 5);
    } finally {
      await server.close();
    }
  });

  it('says that a provider makes no vectors', async () => {
    const patchbay = createPatchbay(optionsAt('http://127.0.0.1:1/v1', { deadUrl: '' }));
    const asking = embedMany({ model: patchbay.embeddingModel('anthropic/any'), values: ['one'], maxRetries: 0 });
    await assert.rejects(asking, (error: unknown) => APICallError.isInstance(error) && !error.isRetryable);
  });

  it('has pictures as bytes, and refuses addresses', async () => {
    let picture: object = { b64_json: 'iVBORw0KGgo=' };
    const server = await startAnswering(() => ({ created: 1, data: [picture] }));
    try {
      const patchbay = createPatchbay(optionsAt(server.url, { deadUrl: '' }));
      const ask = { model: patchbay.imageModel('openai/gpt-image-1'), prompt: 'a fox', maxRetries: 0 };
      const { image } = await generateImage(ask);
      assert.equal(image.base64, 'iVBORw0KGgo=');
      picture = { url: 'https://example.com/fox.png' };
      await assert.rejects(generateImage(ask), /gave the address of a picture/);
    } finally {
      await server.close();
    }
  });
});
