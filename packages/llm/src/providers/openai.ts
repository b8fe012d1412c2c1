import { defineProvider } from './define-provider.ts';

const CHAT = { format: 'openai-chat', path: '/chat/completions' } as const;
const RESPONSES = { format: 'openai-responses', path: '/responses', countPath: '/responses/input_tokens' } as const;

/** Models that think beside tools in the Responses API alone: https://developers.openai.com/api/docs/guides/latest-model */
const THINKING_BESIDE_TOOLS = ['gpt-5.2', 'gpt-5.3', 'gpt-5.4', 'gpt-5.6', 'gpt-6'];

/**
 * OpenAI's own API: the reference of both its formats, so it declares no departures. Callers of other dialects are
 * translated into the one that keeps all of what they asked. It no longer serves image variations.
 */
export const openai = defineProvider({
  id: 'openai',
  name: 'OpenAI',
  source: 'https://platform.openai.com/docs/api-reference',
  baseUrl: 'https://api.openai.com/v1',
  auth: [{ kind: 'bearer', env: 'OPENAI_API_KEY' }],
  speaks: [
    CHAT,
    RESPONSES,
    { ...RESPONSES, models: THINKING_BESIDE_TOOLS },
    { ...CHAT, models: THINKING_BESIDE_TOOLS },
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
