import { defineProvider } from './define-provider.ts';

/** Anthropic's own API: the reference of the anthropic-messages format, so it declares no departures. */
export const anthropic = defineProvider({
  id: 'anthropic',
  name: 'Anthropic',
  source: 'https://platform.claude.com/docs/en/api/overview',
  baseUrl: 'https://api.anthropic.com/v1',
  auth: [{ kind: 'header', header: 'x-api-key', env: 'ANTHROPIC_API_KEY' }],
  speaks: [{ format: 'anthropic-messages', path: '/messages', countPath: '/messages/count_tokens' }],
  envPrefix: 'ANTHROPIC',
  headers: { 'anthropic-version': '2023-06-01' },
  models: { listPath: '/models?limit=1000' },
  modelPrefixes: ['claude-'],
});
