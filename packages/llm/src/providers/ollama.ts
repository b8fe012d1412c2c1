import { defineProvider } from './define-provider.ts';

/**
 * A local Ollama. It asks for no key; another machine is named by `OLLAMA_BASE_URL` (with its `/v1`). Every caller is
 * translated into OpenAI's format: thoughts and their effort, pictures, tools and schemas have a place there, and calls
 * have ids. What `/api/chat` has beyond that (`num_ctx`, `keep_alive`, whole answers without a name) no other dialect
 * can say; it is reached at `/pass/ollama`.
 */
export const ollama = defineProvider({
  id: 'ollama',
  name: 'Ollama',
  source: 'https://docs.ollama.com/api/openai-compatibility',
  baseUrl: 'http://127.0.0.1:11434/v1',
  auth: [{ kind: 'none' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', maxTokensField: 'max_tokens', developerRole: false },
    },
  ],
  envPrefix: 'OLLAMA',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    'images/generations': { path: '/images/generations' },
    'audio/speech': { path: '/audio/speech' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
  },
});
