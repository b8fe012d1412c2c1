import { defineOAuth } from '../definition.ts';

/** Accounts of OpenAI, for clients that are registered there. */
export const openai = defineOAuth({
  id: 'openai',
  name: 'OpenAI',
  envPrefix: 'OPENAI',
  providerId: 'openai',
  flows: ['authorization_code'],
  endpoints: {
    issuer: 'https://auth.openai.com',
    authorizeUrl: 'https://auth.openai.com/oauth/authorize',
    tokenUrl: 'https://auth.openai.com/oauth/token',
  },
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  client: 'public',
  authorizeExtras: { id_token_add_organizations: 'true' },
});
