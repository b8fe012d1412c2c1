import { defineProvider } from './define-provider.ts';

/** Voyage AI makes vectors and ranks texts; it has no chats, and offers no list of models. */
export const voyage = defineProvider({
  id: 'voyage',
  name: 'Voyage AI',
  source: 'https://docs.voyageai.com/reference/embeddings-api',
  baseUrl: 'https://api.voyageai.com/v1',
  auth: [{ kind: 'bearer', env: 'VOYAGE_API_KEY' }],
  speaks: [],
  envPrefix: 'VOYAGE',
  serves: {
    embeddings: {
      path: '/embeddings',
      renames: { asked: { dimensions: 'output_dimension' } },
      // It takes `base64` or nothing, and refuses `float`, which is what it then answers with.
      omits: ['encoding_format'],
    },
    // https://docs.voyageai.com/reference/reranker-api
    rerank: { path: '/rerank', renames: { asked: { top_n: 'top_k' }, answered: { data: 'results' } } },
  },
  modelPrefixes: ['voyage-'],
});
