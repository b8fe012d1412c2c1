import { defineProvider } from './define-provider.ts';

/** A `llama-server` of llama.cpp, which asks for a key only when it was started with `--api-key`. */
export const llamacpp = defineProvider({
  id: 'llamacpp',
  name: 'llama.cpp',
  source: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
  baseUrl: 'http://127.0.0.1:8080/v1',
  auth: [{ kind: 'bearer', env: 'LLAMACPP_API_KEY' }, { kind: 'none' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning_content', maxTokensField: 'max_tokens', developerRole: false },
    },
    { format: 'openai-responses', path: '/responses' },
    { format: 'anthropic-messages', path: '/messages', countPath: '/messages/count_tokens' },
  ],
  envPrefix: 'LLAMACPP',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    rerank: { path: '/rerank' },
  },
});
