import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { AuthorizationServer } from '../support/authorization-server.ts';
import { startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { startUpstream, sendJson, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { variablesFor } from './oauth-gateway.ts';

const PASSWORD = 'canary-administrator-of-the-suite';

describe('signing an account in over HTTP', { timeout: 60_000 }, () => {
  let server: AuthorizationServer;
  let upstream: ScriptedUpstream;
  let gateway: GatewayProcess;
  let token = '';
  const ask = async (route: string, body?: object): Promise<Response> =>
    fetch(`${gateway.url}/api/v1${route}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  before(async () => {
    server = await AuthorizationServer.start();
    upstream = await startUpstream((_, response) => sendJson(response, 200, {}));
    gateway = await startProcess({
      ...variablesFor(server),
      ADMIN_PASSWORD: PASSWORD,
      OPENAI_BASE_URL: `${upstream.url}/v1`,
    });
    const login = await ask('/auth/login', { username: 'admin', password: PASSWORD });
    token = ((await login.json()) as { token: string }).token;
  });
  after(async () => {
    await gateway.stop();
    await gateway.remove();
    await upstream.close();
    await server.close();
  });

  it('ends with a page that may run its own script, and an account that is listed with masks', async () => {
    const begun = await ask('/oauth/init', { provider: 'openai', flow_type: 'auto' });
    const started = (await begun.json()) as { auth_url: string; state: string; error?: string };
    assert.equal(begun.status, 200, String(started.error));
    const back = new URL(await server.agree(started.auth_url));
    const page = await fetch(`${gateway.url}${back.pathname}${back.search}`);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'sha256-/);
    assert.match(await page.text(), /oauth_success/);
    const listed = await (await ask('/accounts')).text();
    assert.match(listed, /"auth_kind":"oauth"/);
    const again = await fetch(`${gateway.url}${back.pathname}${back.search}`);
    assert.deepEqual([again.status, /oauth_error/.test(await again.text())], [400, true]);
    for (const each of [listed, gateway.output()])
      assert.doesNotMatch(each, /canary-(?:access|refresh|code|client-secret)/);
  });

  it('tells in one sentence what to set', async () => {
    const refused = await ask('/oauth/init', { provider: 'google' });
    assert.equal(refused.status, 400);
    const { error } = (await refused.json()) as { error: string };
    assert.match(error, /Set GOOGLE_OAUTH_CLIENT_ID and GOOGLE_OAUTH_CLIENT_SECRET/);
  });
});
