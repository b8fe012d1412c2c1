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
});
