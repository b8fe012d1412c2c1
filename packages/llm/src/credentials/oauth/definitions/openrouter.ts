import { defineOAuth } from '../definition.ts';

/** Accounts of OpenRouter: it knows no clients and sells a key, not tokens. */
export const openrouter = defineOAuth({
  id: 'openrouter',
  name: 'OpenRouter',
  envPrefix: 'OPENROUTER',
  providerId: 'openrouter',
  flows: ['authorization_code'],
  endpoints: {
    authorizeUrl: 'https://openrouter.ai/auth',
    tokenUrl: 'https://openrouter.ai/api/v1/auth/keys',
  },
  scopes: [],
  client: 'none',
  bodies: 'json',
  // It sends the browser to the address as it is given, so the state goes with that.
  authorizeNames: { redirect_uri: 'callback_url', state: '', response_type: '', client_id: '', scope: '' },
  codeOmits: ['grant_type', 'redirect_uri', 'client_id'],
  codeExtras: { code_challenge_method: 'S256' },
  buysKey: true,
});
