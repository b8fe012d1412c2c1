import { defineProvider } from './define-provider.ts';

/**
 * Mistral refuses members it does not know: no `stream_options` (usage comes anyway), no `max_completion_tokens`. Nor
 * does it take ids of calls that others made: https://docs.mistral.ai/capabilities/function_calling
 */
export const mistral = defineProvider({
  id: 'mistral',
  name: 'Mistral AI',
  source: 'https://docs.mistral.ai/api',
  baseUrl: 'https://api.mistral.ai/v1',
  auth: [{ kind: 'bearer', env: 'MISTRAL_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { maxTokensField: 'max_tokens', developerRole: false, streamOptions: false, callIdLength: 9 },
    },
  ],
  envPrefix: 'MISTRAL',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    moderations: { path: '/moderations' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
  },
  modelPrefixes: [
    'mistral-',
    'ministral-',
    'magistral-',
    'codestral-',
    'devstral-',
    'pixtral-',
    'open-mistral-',
    'voxtral-',
  ],
});
