import { defineOAuth } from '../definition.ts';
import { google } from './google.ts';

const SCOPE = 'https://www.googleapis.com/auth/';

/** Accounts of Google, for Antigravity: they work for one project. */
export const antigravity = defineOAuth({
  ...google,
  id: 'antigravity',
  name: 'Google Antigravity',
  envPrefix: 'ANTIGRAVITY',
  providerId: 'antigravity',
  flows: ['authorization_code'],
  scopes: ['cloud-platform', 'userinfo.email', 'userinfo.profile', 'cclog', 'experimentsandconfigs'].map(
    (each) => SCOPE + each,
  ),
  needsProject: true,
});
