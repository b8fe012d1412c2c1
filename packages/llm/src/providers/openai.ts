import { defineProvider } from './define-provider.ts';

/** OpenAI's own API: the reference of the openai-chat format, so it declares no departures. */
export const openai = defineProvider({
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  auth: [{ kind: 'bearer', env: 'OPENAI_API_KEY' }],
  speaks: [{ format: 'openai-chat', path: '/chat/completions' }],
  envPrefix: 'OPENAI',
  models: { listPath: '/models' },
  modelPrefixes: ['gpt-', 'o1', 'o3', 'o4', 'chatgpt-'],
});
