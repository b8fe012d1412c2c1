import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Coordination } from '../../src/coordination/coordination.ts';
import { byHand, forget, openOnRedis, PATIENT, REDIS_URL, skipRedis } from '../coordination/engines.ts';
import { AuthorizationServer } from '../support/authorization-server.ts';
import { startOAuth, variablesFor, type OAuthGateway } from './oauth-gateway.ts';

describe('the documented keys in Redis', { skip: skipRedis, timeout: 30_000 }, () => {
  let server: AuthorizationServer;
  let coordination: Coordination;
  let oauth: OAuthGateway;
  let key = '';

  before(async () => {
    server = await AuthorizationServer.start();
    coordination = await openOnRedis(REDIS_URL, PATIENT);
    oauth = await startOAuth(server, variablesFor(server), coordination.cache);
  });
  after(async () => {
    await forget(key);
    await oauth.close();
    await coordination.close();
    await server.close();
  });

  it('hold a sign-in while it is open, and an account’s tokens after its first call', async () => {
    const { auth_url, state } = await oauth.does('oauth.init', { body: { provider: 'openai', flow_type: 'manual' } });
    const opened = Number(await byHand('TTL', `oauth:session:${state}`));
    assert.ok(opened > 590 && opened <= 600, String(opened));
    const ended = await oauth.does('oauth.exchange', { body: { callback_url: await server.agree(auth_url) } });
    assert.equal(await byHand('EXISTS', `oauth:session:${state}`), 0);
    key = `auth:oauth:openai:${ended.account.id}`;
    assert.equal(await byHand('GET', key), null);
    assert.equal((await oauth.chat()).status, 200);
    const kept = JSON.parse(String(await byHand('GET', key))) as object;
    for (const name of ['access_token', 'refresh_token', 'expires_at', 'token_type']) assert.ok(name in kept, name);
    assert.doesNotMatch(JSON.stringify(kept), /canary/);
    const ttlS = Number(await byHand('TTL', key));
    assert.ok(ttlS > 0 && ttlS <= 3600, String(ttlS));
  });

  it('can be deleted: the next call reads the row', async () => {
    assert.deepEqual([await byHand('DEL', key), await byHand('DEL', key), await byHand('TTL', key)], [1, 0, -2]);
    assert.equal((await oauth.chat()).status, 200);
    assert.equal(await byHand('EXISTS', key), 1);
  });
});
