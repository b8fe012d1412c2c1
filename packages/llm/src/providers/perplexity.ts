import { defineProvider } from './define-provider.ts';

/**
 * Perplexity repeats usage and citations in every frame and offers no list of models; its base URL has no version
 * segment.
 */
export const perplexity = defineProvider({
  id: 'perplexity',
  name: 'Perplexity',
  source: 'https://docs.perplexity.ai/api-reference/chat-completions-post',
  baseUrl: 'https://api.perplexity.ai',
  auth: [{ kind: 'bearer', env: 'PERPLEXITY_API_KEY' }],
  speaks: [
    {
      format: 'openai-chat',
      path: '/chat/completions',
      dialect: { maxTokensField: 'max_tokens', developerRole: false },
    },
  ],
  envPrefix: 'PERPLEXITY',
  modelPrefixes: ['sonar'],
});
