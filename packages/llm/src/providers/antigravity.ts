import { defineProvider } from './define-provider.ts';

/**
 * Antigravity, Google's code assistant, for accounts whose tokens the operator brings. Its models are Google's and
 * Anthropic's, all in Gemini's words; those of Anthropic always stream. Later hosts serve what earlier ones cannot.
 */
export const antigravity = defineProvider({
  id: 'antigravity',
  name: 'Antigravity',
  source: 'https://antigravity.google/docs/models',
  baseUrl: 'https://daily-cloudcode-pa.googleapis.com',
  fallbackUrls: ['https://daily-cloudcode-pa.sandbox.googleapis.com', 'https://cloudcode-pa.googleapis.com'],
  variables: { project: { env: 'ANTIGRAVITY_PROJECT' } },
  auth: [{ kind: 'bearer', env: 'ANTIGRAVITY_API_KEY' }],
  speaks: [
    {
      format: 'gemini',
      path: '/v1internal:generateContent',
      streamPath: '/v1internal:streamGenerateContent?alt=sse',
      dialect: {
        project: '{project}',
        budgetModels: ['gemini-2.'],
        unsignedCall: 'skip_thought_signature_validator',
      },
    },
    {
      format: 'gemini',
      models: ['claude-'],
      path: '/v1internal:streamGenerateContent?alt=sse',
      dialect: { project: '{project}', unsignedCall: 'skip_thought_signature_validator' },
    },
  ],
  envPrefix: 'ANTIGRAVITY',
  headers: { 'user-agent': 'antigravity/1.104.0 darwin/arm64' },
});
