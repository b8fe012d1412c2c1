import { defineOAuth } from '../definition.ts';

/** Accounts of Anthropic, for clients that are registered there. */
export const anthropic = defineOAuth({
  id: 'anthropic',
  name: 'Anthropic',
  envPrefix: 'ANTHROPIC',
  providerId: 'anthropic',
  flows: ['authorization_code'],
  endpoints: {
    authorizeUrl: 'https://claude.ai/oauth/authorize',
    tokenUrl: 'https://console.anthropic.com/v1/oauth/token',
  },
  scopes: ['org:create_api_key', 'user:profile', 'user:inference'],
  client: 'public',
  bodies: 'json',
  authorizeExtras: { code: 'true' },
  codeSendsState: true,
});
