import { defineOAuth } from '../definition.ts';

/** Accounts of any OpenID Connect issuer: its discovery document says where everything is. */
export const oidc = defineOAuth({
  id: 'oidc',
  name: 'OpenID Connect',
  envPrefix: 'OIDC',
  providerId: '',
  flows: ['authorization_code', 'device_code'],
  scopes: ['openid', 'email', 'offline_access'],
  client: 'any',
});
