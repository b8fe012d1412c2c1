import { defineProvider } from './define-provider.ts';

/** Ollama's own machines, with keys of ollama.com; a local Ollama is the provider `ollama`. */
export const ollamaCloud = defineProvider({
  id: 'ollama-cloud',
  name: 'Ollama Cloud',
  source: 'https://docs.ollama.com/api/openai-compatibility',
  baseUrl: 'https://ollama.com/v1',
  auth: [{ kind: 'bearer', env: 'OLLAMA_CLOUD_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', maxTokensField: 'max_tokens', developerRole: false },
    },
    { format: 'openai-responses', path: '/responses' },
    { format: 'anthropic-messages', path: '/messages' },
  ],
  envPrefix: 'OLLAMA_CLOUD',
  models: { listPath: '/models' },
});
