import { defineProvider } from './define-provider.ts';

/**
 * Any server that speaks openai-chat (vLLM, llama.cpp, LM Studio, …). The empty base URL is a placeholder: whoever
 * uses this record must give `OPENAI_COMPATIBLE_BASE_URL`, including the version segment such as `/v1`. The key is
 * optional. The dialect is the oldest one, which every such server understands.
 */
export const openaiCompatible = defineProvider({
  id: 'openai-compatible',
  name: 'OpenAI-compatible server',
  baseUrl: '',
  auth: [{ kind: 'bearer', env: 'OPENAI_COMPATIBLE_API_KEY' }, { kind: 'none' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { maxTokensField: 'max_tokens', developerRole: false },
    },
  ],
  envPrefix: 'OPENAI_COMPATIBLE',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    moderations: { path: '/moderations' },
    'images/generations': { path: '/images/generations' },
    'images/edits': { path: '/images/edits' },
    'images/variations': { path: '/images/variations' },
    'audio/speech': { path: '/audio/speech' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
    'audio/translations': { path: '/audio/translations' },
    rerank: { path: '/rerank' },
  },
});
