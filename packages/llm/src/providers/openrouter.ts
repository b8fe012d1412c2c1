import { defineProvider } from './define-provider.ts';

/**
 * A reseller of many vendors. It keeps `cache_control` on parts for the vendors that know it, and names reasoning
 * `reasoning`.
 */
export const openrouter = defineProvider({
  id: 'openrouter',
  name: 'OpenRouter',
  source: 'https://openrouter.ai/docs/api-reference/overview',
  baseUrl: 'https://openrouter.ai/api/v1',
  auth: [{ kind: 'bearer', env: 'OPENROUTER_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', reasoningDetails: true, cacheControl: true },
    },
    { format: 'openai-responses', path: '/responses' },
  ],
  envPrefix: 'OPENROUTER',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    rerank: { path: '/rerank' },
  },
});
