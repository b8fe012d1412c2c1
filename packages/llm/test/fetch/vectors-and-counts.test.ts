import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import { createFailoverFetch } from '@patchbay/llm/fetch';
import { optionsAt, startAnswering, vectorsOf } from './two-providers.ts';

describe('vectors and counts by a failover fetch', () => {
  it('gives the OpenAI SDK vectors of the first target, in both ways that it asks', async () => {
    const server = await startAnswering((_, body) => vectorsOf(body));
    try {
      const options = optionsAt(server.url, { deadUrl: '' });
      const fetch = createFailoverFetch({ ...options, targets: ['openai/text-embedding-3-small'] });
      const openai = new OpenAI({ fetch, apiKey: 'unused', maxRetries: 0 });
      const ask = { model: 'any', input: ['one', 'three'] };
      for (const more of [{}, { encoding_format: 'float' as const }]) {
        const { data, usage, model } = await openai.embeddings.create({ ...ask, ...more });
        assert.deepEqual(
          data.map(({ embedding }) => embedding),
          [
            [3, 0.5],
            [5, 0.5],
          ],
        );
        assert.equal(usage.prompt_tokens, 5);
        assert.equal(model, 'text-embedding-3-small');
      }
      await assert.rejects(openai.embeddings.create({ ...ask, input: [[1, 2]] }), /`input` must be text/);
    } finally {
      await server.close();
    }
  });

  it('has tokens counted by the first target', async () => {
    const server = await startAnswering((path, body) => ({ input_tokens: `${path} ${String(body['model'])}`.length }));
    try {
      const fetch = createFailoverFetch({ ...optionsAt(server.url, { deadUrl: '' }), targets: ['anthropic/claude-x'] });
      const anthropic = new Anthropic({ fetch, apiKey: 'unused', maxRetries: 0 });
      const messages = [{ role: 'user' as const, content: 'hi' }];
      const counted = await anthropic.messages.countTokens({ model: 'any', messages });
      assert.equal(counted.input_tokens, '/v1/messages/count_tokens claude-x'.length);
    } finally {
      await server.close();
    }
  });
});
