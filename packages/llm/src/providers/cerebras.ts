import { defineProvider } from './define-provider.ts';

/** Cerebras names reasoning `reasoning` and knows the new name of the output bound. */
export const cerebras = defineProvider({
  id: 'cerebras',
  name: 'Cerebras',
  source: 'https://inference-docs.cerebras.ai/resources/openai',
  baseUrl: 'https://api.cerebras.ai/v1',
  auth: [{ kind: 'bearer', env: 'CEREBRAS_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', developerRole: false },
    },
  ],
  envPrefix: 'CEREBRAS',
  models: { listPath: '/models' },
  serves: {
    completions: { path: '/completions' },
  },
});
