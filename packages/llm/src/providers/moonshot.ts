import { defineProvider } from './define-provider.ts';

/** Moonshot's international endpoint (Kimi). An account of the Chinese endpoint sets `MOONSHOT_BASE_URL`. */
export const moonshot = defineProvider({
  id: 'moonshot',
  name: 'Moonshot AI',
  source: 'https://platform.moonshot.ai/docs/api/chat',
  baseUrl: 'https://api.moonshot.ai/v1',
  auth: [{ kind: 'bearer', env: 'MOONSHOT_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning_content', maxTokensField: 'max_tokens', developerRole: false },
    },
  ],
  envPrefix: 'MOONSHOT',
  models: { listPath: '/models' },
  modelPrefixes: ['kimi-', 'moonshot-'],
});
