import { defineProvider } from './define-provider.ts';

/** A local LM Studio, which asks for a key only where its owner switched that on. */
export const lmstudio = defineProvider({
  id: 'lmstudio',
  name: 'LM Studio',
  source: 'https://lmstudio.ai/docs/developer/openai-compat',
  baseUrl: 'http://127.0.0.1:1234/v1',
  auth: [{ kind: 'bearer', env: 'LMSTUDIO_API_KEY' }, { kind: 'none' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { maxTokensField: 'max_tokens', developerRole: false },
    },
    { format: 'openai-responses', path: '/responses' },
    { format: 'anthropic-messages', path: '/messages' },
  ],
  envPrefix: 'LMSTUDIO',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
  },
});
