import { defineProvider } from './define-provider.ts';

/** Z.ai, the international endpoint of the GLM models; its version segment is `/v4`. */
export const zai = defineProvider({
  id: 'zai',
  name: 'Z.ai',
  source: 'https://docs.z.ai/api-reference/introduction',
  baseUrl: 'https://api.z.ai/api/paas/v4',
  auth: [{ kind: 'bearer', env: 'ZAI_API_KEY' }],
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
  ],
  envPrefix: 'ZAI',
  models: { listPath: '/models' },
  serves: {
    'images/generations': { path: '/images/generations' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
  },
  modelPrefixes: ['glm-'],
});
