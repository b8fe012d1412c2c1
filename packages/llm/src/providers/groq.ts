import { defineProvider } from './define-provider.ts';

/**
 * Groq hides the usage of a streamed answer in `x_groq.usage` unless it is asked for, and names reasoning
 * `reasoning`.
 */
export const groq = defineProvider({
  id: 'groq',
  name: 'Groq',
  source: 'https://console.groq.com/docs/openai',
  baseUrl: 'https://api.groq.com/openai/v1',
  auth: [{ kind: 'bearer', env: 'GROQ_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { reasoningField: 'reasoning', usageAt: 'x_groq.usage', developerRole: false },
    },
  ],
  envPrefix: 'GROQ',
  models: { listPath: '/models' },
  serves: {
    'audio/speech': { path: '/audio/speech' },
    'audio/transcriptions': { path: '/audio/transcriptions' },
    'audio/translations': { path: '/audio/translations' },
  },
});
