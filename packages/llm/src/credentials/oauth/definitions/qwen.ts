import { defineOAuth } from '../definition.ts';

/** Accounts of Qwen, which sign in on another device. */
export const qwen = defineOAuth({
  id: 'qwen',
  name: 'Qwen',
  envPrefix: 'QWEN',
  providerId: 'qwen',
  flows: ['device_code'],
  endpoints: {
    tokenUrl: 'https://chat.qwen.ai/api/v1/oauth2/token',
    deviceUrl: 'https://chat.qwen.ai/api/v1/oauth2/device/code',
  },
  scopes: ['openid', 'profile', 'email', 'model.completion'],
  client: 'public',
});
