import { defineProvider } from './define-provider.ts';

/** DeepSeek caches prompts by itself and says so in `prompt_cache_hit_tokens`; its base URL has no version segment. */
export const deepseek = defineProvider({
  id: 'deepseek',
  name: 'DeepSeek',
  source: 'https://api-docs.deepseek.com/api/create-chat-completion',
  baseUrl: 'https://api.deepseek.com',
  auth: [{ kind: 'bearer', env: 'DEEPSEEK_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: {
        reasoningField: 'reasoning_content',
        maxTokensField: 'max_tokens',
        developerRole: false,
        jsonSchema: false,
      },
    },
    { format: 'openai-responses', path: '/responses' },
  ],
  envPrefix: 'DEEPSEEK',
  models: { listPath: '/models' },
  serves: {
    completions: { path: '/beta/completions' },
  },
  modelPrefixes: ['deepseek-'],
});
