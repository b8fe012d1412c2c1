import { defineProvider } from './define-provider.ts';

/**
 * A vLLM server, named by `VLLM_BASE_URL` (with its `/v1`): the port it takes by itself is this gateway's own. It asks
 * for a key only when it was started with `--api-key`.
 */
export const vllm = defineProvider({
  id: 'vllm',
  name: 'vLLM',
  source: 'https://docs.vllm.ai/en/stable/serving/online_serving/',
  baseUrl: '',
  auth: [{ kind: 'bearer', env: 'VLLM_API_KEY' }, { kind: 'none' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', maxTokensField: 'max_tokens', developerRole: false },
    },
    { format: 'openai-responses', path: '/responses' },
    { format: 'anthropic-messages', path: '/messages', countPath: '/messages/count_tokens' },
  ],
  envPrefix: 'VLLM',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
    'audio/translations': { path: '/audio/translations' },
    rerank: { path: '/rerank' },
  },
});
