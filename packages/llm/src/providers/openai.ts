import { defineProvider } from './define-provider.ts';

/**
 * OpenAI's own API: the reference of both its formats, so it declares no departures. It no longer serves image
 * variations.
 */
export const openai = defineProvider({
  id: 'openai',
  name: 'OpenAI',
  source: 'https://platform.openai.com/docs/api-reference',
  baseUrl: 'https://api.openai.com/v1',
  auth: [{ kind: 'bearer', env: 'OPENAI_API_KEY' }],
  speaks: [
    { format: 'openai-chat', path: '/chat/completions' },
    { format: 'openai-responses', path: '/responses', countPath: '/responses/input_tokens' },
  ],
  envPrefix: 'OPENAI',
  models: { listPath: '/models' },
  serves: {
    embeddings: { path: '/embeddings' },
    completions: { path: '/completions' },
    moderations: { path: '/moderations' },
    'images/generations': { path: '/images/generations' },
    'images/edits': { path: '/images/edits' },
    'audio/speech': { path: '/audio/speech' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
    'audio/translations': { path: '/audio/translations' },
  },
  modelPrefixes: [
    'gpt-',
    'o1',
    'o3',
    'o4',
    'chatgpt-',
    'text-embedding-3-',
    'text-embedding-ada-',
    'omni-moderation-',
    'text-moderation-',
    'dall-e-',
    'whisper-1',
    'tts-1',
    'babbage-002',
    'davinci-002',
  ],
});
