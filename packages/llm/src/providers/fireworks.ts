import { defineProvider } from './define-provider.ts';

/** Fireworks hosts open models under names such as `accounts/fireworks/models/…`. */
export const fireworks = defineProvider({
  id: 'fireworks',
  name: 'Fireworks AI',
  source: 'https://docs.fireworks.ai/tools-sdks/openai-compatibility',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  auth: [{ kind: 'bearer', env: 'FIREWORKS_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning_content', maxTokensField: 'max_tokens', developerRole: false },
    },
  ],
  envPrefix: 'FIREWORKS',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    rerank: { path: '/rerank' },
  },
});
