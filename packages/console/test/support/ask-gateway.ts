import assert from 'node:assert/strict';

import { PASSWORD, type ConsoleStage } from './console-browser.ts';

/** Asks the management as somebody, as another program would. Fails at an answer that is not a success. */
export type AskGateway = (method: string, path: string, body?: object) => Promise<Record<string, unknown>>;

/** Signs somebody in beside the browser. */
export async function askAs({ url }: ConsoleStage, username = 'admin'): Promise<AskGateway> {
  let token = '';
  const ask: AskGateway = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  token = String((await ask('POST', '/api/auth/login', { username, password: PASSWORD }))['token']);
  return ask;
}

/** What a provider is made of, at an address and with a key. */
export const providerBody = (identifier: string, apiEndpoint: string, apiKey: string): object => ({
  identifier,
  name: identifier,
  apiEndpoint,
  authMethod: 'api_key',
  authConfig: { type: 'api_key', fields: { apiKey } },
  capabilities: {
    supportsSystemMessages: true,
    maxContextLength: 128_000,
    supportedRoles: ['system', 'user', 'assistant'],
    supportsStreaming: true,
    supportsTools: true,
  },
});
