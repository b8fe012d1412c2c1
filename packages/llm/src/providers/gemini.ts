import { defineProvider } from './define-provider.ts';

/** Google's Gemini API: the reference of the gemini format. Its older models know budgets of thinking, not levels. */
export const gemini = defineProvider({
  id: 'gemini',
  name: 'Google Gemini',
  source: 'https://ai.google.dev/api',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  auth: [{ kind: 'header', header: 'x-goog-api-key', env: 'GEMINI_API_KEY' }],
  speaks: [
    {
      format: 'gemini',
      path: '/models/{model}:generateContent',
      streamPath: '/models/{model}:streamGenerateContent?alt=sse',
      countPath: '/models/{model}:countTokens',
      dialect: {
        budgetModels: ['gemini-1.', 'gemini-2.'],
        // Google's own word for calls of a history that no Gemini made: ai.google.dev/gemini-api/docs/thought-signatures.
        unsignedCall: 'skip_thought_signature_validator',
      },
    },
  ],
  envPrefix: 'GEMINI',
  models: { listPath: '/models?pageSize=1000' },
  modelPrefixes: ['gemini-'],
});
