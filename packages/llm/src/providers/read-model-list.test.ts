import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readModelList } from './read-model-list.ts';

/** Lists as vendors send them, and what is read of their first model. */
const LISTS = {
  openai: [
    { object: 'list', data: [{ id: 'gpt-4o', object: 'model', created: 1_715_367_049, owned_by: 'system' }] },
    { id: 'gpt-4o', createdAtMs: 1_715_367_049_000 },
  ],
  anthropic: [
    {
      data: [
        {
          type: 'model',
          id: 'claude-opus-5',
          display_name: 'Claude Opus 5',
          created_at: '2026-07-24T00:00:00Z',
          max_input_tokens: 1_000_000,
          max_tokens: 128_000,
        },
      ],
      has_more: false,
    },
    {
      id: 'claude-opus-5',
      name: 'Claude Opus 5',
      createdAtMs: Date.parse('2026-07-24T00:00:00Z'),
      contextTokens: 1_000_000,
      maxOutputTokens: 128_000,
    },
  ],
  gemini: [
    {
      models: [
        {
          name: 'models/gemini-2.5-pro',
          displayName: 'Gemini 2.5 Pro',
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
        },
      ],
    },
    { id: 'gemini-2.5-pro', name: 'Gemini 2.5 Pro', contextTokens: 1_048_576, maxOutputTokens: 65_536 },
  ],
  cohere: [
    { models: [{ name: 'command-a-03-2025', endpoints: ['chat'], context_length: 288_000 }] },
    { id: 'command-a-03-2025', contextTokens: 288_000 },
  ],
  together: [
    [{ id: 'meta/llama', created: 0, display_name: 'Llama', context_length: 131_072 }],
    { id: 'meta/llama', name: 'Llama', contextTokens: 131_072 },
  ],
  openrouter: [
    {
      data: [
        {
          id: 'z-ai/glm-5',
          name: 'Z.ai: GLM 5',
          created: 1,
          context_length: 200_000,
          top_provider: { max_completion_tokens: 64_000 },
        },
      ],
    },
    { id: 'z-ai/glm-5', name: 'Z.ai: GLM 5', createdAtMs: 1000, contextTokens: 200_000, maxOutputTokens: 64_000 },
  ],
  groq: [
    { data: [{ id: 'allam-2-7b', created: 2, context_window: 4096, max_completion_tokens: 4096 }] },
    { id: 'allam-2-7b', createdAtMs: 2000, contextTokens: 4096, maxOutputTokens: 4096 },
  ],
  vllm: [{ data: [{ id: 'own', max_model_len: 8192 }] }, { id: 'own', contextTokens: 8192 }],
} as const;

describe('a list of models', () => {
  for (const [vendor, [body, first]] of Object.entries(LISTS))
    it(`is read as ${vendor} sends it`, () => assert.deepEqual(readModelList(body), [first]));

  it('is empty where there is none, and leaves out what has no name', () => {
    for (const body of [undefined, null, 'no', {}, { data: 'no' }, { data: [null, 1, {}, { id: 7 }, { id: '' }] }])
      assert.deepEqual(readModelList(body), []);
  });
});
