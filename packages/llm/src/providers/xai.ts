import { defineProvider } from './define-provider.ts';

/**
 * xAI is the one vendor whose `completion_tokens` leave out the reasoning tokens: its own total is the sum of all
 * three.
 */
export const xai = defineProvider({
  id: 'xai',
  name: 'xAI',
  source: 'https://docs.x.ai/docs/api-reference',
  baseUrl: 'https://api.x.ai/v1',
  auth: [{ kind: 'bearer', env: 'XAI_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning_content', developerRole: false, reasoningOutsideCompletion: true },
    },
    { format: 'openai-responses', path: '/responses' },
  ],
  envPrefix: 'XAI',
  models: { listPath: '/models' },
  serves: {
    'images/generations': { path: '/images/generations' },
  },
  modelPrefixes: ['grok-'],
});
