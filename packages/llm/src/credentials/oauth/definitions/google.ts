import { defineOAuth } from '../definition.ts';

/** Accounts of Google, for Gemini and Vertex. */
export const google = defineOAuth({
  id: 'google',
  name: 'Google',
  envPrefix: 'GOOGLE',
  providerId: 'gemini',
  flows: ['authorization_code', 'device_code'],
  endpoints: {
    issuer: 'https://accounts.google.com',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    deviceUrl: 'https://oauth2.googleapis.com/device/code',
    revokeUrl: 'https://oauth2.googleapis.com/revoke',
  },
  scopes: ['openid', 'email', 'https://www.googleapis.com/auth/cloud-platform'],
  client: 'secret',
  // Without both, Google gives a refresh token at the first consent only.
  authorizeExtras: { access_type: 'offline', prompt: 'consent' },
});
