import { defineProvider } from './define-provider.ts';

/**
 * Cohere, through its Compatibility API for chats and vectors and its own for reranking: three places at one host. It
 * refuses `stream_options`.
 */
export const cohere = defineProvider({
  id: 'cohere',
  name: 'Cohere',
  source: 'https://docs.cohere.com/docs/compatibility-api',
  baseUrl: 'https://api.cohere.com',
  auth: [{ kind: 'bearer', env: 'COHERE_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/compatibility/v1/chat/completions',
      dialect: { maxTokensField: 'max_tokens', streamOptions: false },
    },
  ],
  envPrefix: 'COHERE',
  models: { listPath: '/v1/models?page_size=1000' },
  serves: {
    embeddings: { path: '/compatibility/v1/embeddings' },
    rerank: { path: '/v2/rerank' },
  },
  modelPrefixes: ['command-', 'c4ai-', 'embed-', 'rerank-v'],
});
