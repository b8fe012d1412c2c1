import { defineProvider } from './define-provider.ts';

/** Together hosts open models; it sends the usage of a streamed answer unasked. */
export const together = defineProvider({
  id: 'together',
  name: 'Together AI',
  source: 'https://docs.together.ai/docs/openai-api-compatibility',
  baseUrl: 'https://api.together.ai/v1',
  auth: [{ kind: 'bearer', env: 'TOGETHER_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', maxTokensField: 'max_tokens', developerRole: false },
    },
  ],
  envPrefix: 'TOGETHER',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    'images/generations': { path: '/images/generations' },
    'audio/speech': { path: '/audio/speech' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
    'audio/translations': { path: '/audio/translations' },
    rerank: { path: '/rerank' },
  },
});
