import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';

import { AuthorizationServer } from '../support/authorization-server.ts';
import { post } from '../support/test-gateway.ts';
import { startOAuth, type OAuthGateway } from './oauth-gateway.ts';

let server: AuthorizationServer;
let oauth: OAuthGateway;

before(async () => {
  server = await AuthorizationServer.start();
  oauth = await startOAuth(server, {});
});
after(async () => {
  await oauth.close();
  await server.close();
});

/** Adds a provider that signs in as a client, with these headers. */
async function addProvider(identifier: string, headers: Readonly<Record<string, string>>, clientId = server.clientId) {
  const inserted = await oauth.store.rows.providers.insert({
    id: randomUUID(),
    identifier,
    name: identifier,
    apiEndpoint: `${oauth.upstream.url}/v1`,
    authMethod: 'oauth2',
    authConfig: {
      type: 'oauth2',
      fields: {
        clientId,
        clientSecret: new Secret(server.clientSecret),
        tokenUrl: `${server.url}/token`,
        scope: 'models.use',
      },
      headers,
    },
    capabilities: { supportsStreaming: true, maxContextLength: 8000 },
    status: 'active',
    isSystem: false,
    createdAtMs: 0,
    updatedAtMs: 0,
  });
  assert.equal(inserted.kind, 'inserted');
  await oauth.gateway.gateway.registry.refresh();
}

const chat = (identifier: string): Promise<Response> =>
  post(oauth.gateway, '/v1/chat/completions', {
    model: `${identifier}/m`,
    messages: [{ role: 'user', content: 'hi' }],
  });
const bought = (): number => server.seen.filter(({ path }) => path === '/token').length;

describe('a provider that is signed in to as a client', () => {
  it('gets a token that is bought once for many calls, where the row wants it', async () => {
    await addProvider('clients', { Authorization: 'Bearer {{accessToken}}', 'X-Client': '{{clientId}}' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => chat('clients')));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(bought(), 1);
    assert.deepEqual(
      [server.seen[0]?.form['grant_type'], server.seen[0]?.form['scope']],
      ['client_credentials', 'models.use'],
    );
    assert.equal(oauth.upstream.seen.at(-1)?.headers['x-client'], server.clientId);
  });

  it('gets another when its token is refused', async () => {
    const sent = oauth.upstream.seen.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
    server.withdraw(sent);
    assert.equal((await chat('clients')).status, 200);
    assert.equal(bought(), 2);
  });

  it('has the token as a bearer where the row names no header', async () => {
    await addProvider('plain', {});
    assert.equal((await chat('plain')).status, 200);
  });

  it('says why it gets none, without secrets', async () => {
    await addProvider('wrong', {}, 'somebody-else');
    const refused = await chat('wrong');
    const text = await refused.text();
    assert.ok(refused.status >= 400, String(refused.status));
    assert.match(text, /No OAuth token was sold: invalid_client/);
    assert.doesNotMatch(text, /canary/);
  });
});
