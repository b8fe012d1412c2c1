import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import { createBackend } from '../../src/backend.ts';
import { parseConfig } from '../../src/kit/config/parse-config.ts';
import { newApiKeyAuthenticator, newAuthManager, newOAuthAuthenticator } from '../../src/kit/auth.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { textOf } from '../../src/wire/read.ts';
import { steppedClock } from '../../src/testing/stepped-clock.ts';
import { chatAnswer, json, startFake, type Answer, type FakeProvider } from '../document/fake-provider.ts';
import { TokenServer } from '../document/token-server.ts';
import { ask, backendOver, providerAt, requestOf } from './backend-of.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const answer: Answer = (response, { path }) =>
  path.endsWith('/models')
    ? json(response, 200, { object: 'list', data: [{ id: 'gpt-4o', object: 'model' }] })
    : json(response, 200, chatAnswer('Hello.'));

async function fake(how: Answer = answer): Promise<FakeProvider> {
  const server = await startFake(how);
  open.push(server);
  return server;
}

describe('providers of a backend', () => {
  it('are listed and shown without anything secret', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9', { apiKey: 'sk-very-secret-indeed' }));
    const list = await ask(backend, 'GET /api/providers');
    assert.equal(list.data['count'], 1);
    const one = await ask(backend, 'GET /api/providers/openai');
    assert.deepEqual(
      [one.data['name'], one.data['authenticated'], one.data['default_model']],
      ['openai', true, 'gpt-4o'],
    );
    assert.doesNotMatch(JSON.stringify([list.body, one.body]), /very-secret/);
  });

  it('are changed by PUT and POST, and what is not said stays', async () => {
    const server = await fake();
    const backend = backendOver(providerAt('http://127.0.0.1:9'));
    const moved = await ask(backend, 'PUT /api/providers/openai', { base_url: `${server.url}/v1`, timeout: 5 });
    assert.deepEqual((moved.data['config'] as JsonObject)['timeout'], 5);
    await ask(backend, 'POST /api/providers/openai', { api_key: 'another-key', model: 'gpt-5' });
    const { data } = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.equal(data['content'], 'Hello.');
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer another-key');
    assert.match(server.requests[0]?.body ?? '', /"gpt-5"/);
  });

  const mistakes: readonly (readonly [string, object, RegExp])[] = [
    ['unknown members', { speed: 3 }, /speed is not known/],
    ['another type', { type: 'anthropic' }, /type cannot be changed/],
    ['variables', { api_key: '${HOME}' }, /HOME/],
    ['an address that is none', { base_url: 'over there' }, /baseUrl must be a whole address/],
  ];
  for (const [what, body, message] of mistakes)
    it(`refuse ${what} with CONFIG_ERROR`, async () => {
      const {
        status,
        error,
        message: said,
      } = await ask(backendOver(providerAt('http://127.0.0.1:9')), 'PUT /api/providers/openai', body);
      assert.deepEqual([status, error['code']], [400, 'CONFIG_ERROR']);
      assert.match(said, message);
    });

  it('tell how they are, well or not', async () => {
    const server = await fake();
    const well = await ask(backendOver(providerAt(server.url)), 'GET /api/providers/openai/health');
    assert.deepEqual([well.status, well.data['status']], [200, 'healthy']);
    const refusing = await fake((response) => json(response, 401, { error: { message: 'No.' } }));
    const ill = await ask(backendOver(providerAt(refusing.url)), 'GET /api/providers/openai/health');
    assert.deepEqual([ill.status, ill.data['status'], ill.data['provider_status']], [200, 'unhealthy', 401]);
  });

  it('that never answer are left after the bound', async () => {
    const server = await fake(() => {});
    const backend = backendOver(providerAt(server.url), { healthTimeoutMs: 20, testTimeoutMs: 20 });
    const ill = await ask(backend, 'GET /api/providers/openai/health');
    assert.equal(ill.data['status'], 'unhealthy');
    const { status, error } = await ask(backend, 'POST /api/providers/openai/test', {});
    assert.deepEqual(
      [status, error['code'], (error['details'] as JsonObject)['cause']],
      [504, 'TEST_FAILED', 'timeout'],
    );
  });

  it('are tested by a question of one’s own or ours', async () => {
    const server = await fake();
    const backend = backendOver(providerAt(server.url));
    const { data } = await ask(backend, 'POST /api/providers/openai/test', { prompt: 'Hi', model: 'gpt-4o-mini' });
    const { response_time: took, ...rest } = data;
    assert.equal(typeof took, 'number');
    assert.deepEqual(rest, {
      status: 'success',
      provider: 'openai',
      model: 'gpt-4o-mini',
      prompt: 'Hi',
      response: 'Hello.',
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
    const sent = JSON.parse(server.requests[0]?.body ?? '') as JsonObject;
    assert.deepEqual([sent['temperature'], sent['max_tokens'] ?? sent['max_completion_tokens']], [0.7, 50]);
    await ask(backend, 'POST /api/providers/openai/test');
    assert.match(server.requests[1]?.body ?? '', /greeting/);
  });

  it('list their models', async () => {
    const server = await fake();
    const { data } = await ask(backendOver(providerAt(server.url)), 'GET /api/providers/openai/models');
    assert.equal(data['count'], 1);
  });

  it('come from a file as well', async () => {
    const server = await fake();
    const yaml = `providers:\n  mine:\n    type: openai\n    api_key: k\n    base_url: ${server.url}/v1\n    model: gpt-4o\n`;
    const backend = createBackend({ config: await parseConfig(yaml, { env: {} }) });
    const { data } = await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.deepEqual([data['provider'], data['content']], ['mine', 'Hello.']);
  });
});

describe('addresses of a backend', () => {
  it('say how it is', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9'), { version: '2.1.0' });
    const health = await ask(backend, 'GET /health');
    assert.deepEqual([health.body['status'], health.body['success'], health.data['version']], ['ok', true, '2.1.0']);
    assert.equal((await ask(backend, 'GET /version')).data['version'], '2.1.0');
    const head = await backend(requestOf('HEAD /health'));
    assert.deepEqual([head.status, await head.text()], [200, '']);
  });

  it('count what was asked', async () => {
    const server = await fake();
    const backend = backendOver(providerAt(server.url));
    await ask(backend, 'POST /api/generate', { prompt: 'x' });
    const text = await (await backend(requestOf('GET /metrics'))).text();
    assert.match(text, /ai_provider_requests_total\{provider="openai",status="success"\} 1/);
    const all = await ask(backend, 'GET /api/metrics/providers');
    assert.equal(((all.data['providers'] as JsonObject)['openai'] as JsonObject)['requests'], 1);
    assert.equal((await ask(backend, 'GET /api/metrics/system')).data['requests'], 1);
    assert.equal((await ask(backend, 'GET /api/metrics/racing')).data['races'], 0);
    assert.equal((await ask(backend, 'GET /api/metrics')).data['requests'], 1);
  });

  it('answer 405 with what they know, and 404 where there is nothing', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9'));
    const wrong = await ask(backend, 'DELETE /api/providers/openai');
    assert.deepEqual(
      [wrong.status, wrong.error['code'], wrong.headers.get('allow')],
      [405, 'METHOD_NOT_ALLOWED', 'GET, POST, PUT'],
    );
    assert.equal((await ask(backend, 'GET /api/generate')).status, 405);
    const nothing = await ask(backend, 'GET /nowhere');
    assert.deepEqual([nothing.status, nothing.error['code']], [404, 'NOT_FOUND']);
    const nobody = await ask(backend, 'GET /api/providers/nobody');
    assert.deepEqual([nobody.status, nobody.error['code']], [404, 'PROVIDER_NOT_FOUND']);
  });
});

describe('what stands around every request', () => {
  it('keeps a request id, or makes one of 32 digits', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9'));
    const kept = await ask(backend, 'GET /health', undefined, { 'x-request-id': 'abc-1' });
    assert.deepEqual([kept.headers.get('x-request-id'), kept.body['request_id']], ['abc-1', 'abc-1']);
    const odd = await ask(backend, 'GET /health', undefined, { 'x-request-id': 'a b"c' });
    assert.match(odd.headers.get('x-request-id') ?? '', /^[0-9a-f]{32}$/);
  });

  it('asks for the password everywhere but on public paths and callbacks', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9'), {
      auth: { password: 'open-sesame' },
    });
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const none = await ask(backend, 'GET /api/providers');
    assert.deepEqual(
      [none.status, none.error['code'], none.headers.get('www-authenticate')],
      [401, 'UNAUTHORIZED', 'Bearer'],
    );
    assert.equal((await ask(backend, 'GET /api/providers', undefined, as('open-sesamf'))).status, 401);
    assert.equal((await ask(backend, 'GET /api/providers', undefined, as('open-sesame'))).status, 200);
    assert.equal((await ask(backend, 'GET /health')).status, 200);
    assert.equal((await ask(backend, 'GET /healthy')).status, 401);
    assert.equal((await ask(backend, 'GET /api/oauth/openai/callback?code=1&state=2')).status, 400);
    assert.throws(() => backendOver(providerAt('http://127.0.0.1:9'), { auth: { enabled: true } }), /auth\.password/);
  });

  it('lets pages of allowed origins in, and no others', async () => {
    const backend = backendOver(providerAt('http://127.0.0.1:9'), {
      cors: { allowedOrigins: ['https://app.example'] },
      auth: { password: 'p' },
    });
    const preflight = (origin: string): Promise<Response> =>
      backend(requestOf('OPTIONS /api/generate', undefined, { origin, 'access-control-request-method': 'POST' }));
    const allowed = await preflight('https://app.example');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example');
    const foreign = await preflight('https://evil.example');
    assert.deepEqual([foreign.status, foreign.headers.get('access-control-allow-origin')], [403, null]);
    const refused = await ask(backend, 'GET /api/providers', undefined, { origin: 'https://app.example' });
    assert.deepEqual(
      [refused.status, refused.headers.get('access-control-allow-origin')],
      [401, 'https://app.example'],
    );
  });

  it('writes a line for every request, and survives a log that does not', async () => {
    const lines: unknown[] = [];
    const write = (message: string, fields: object): void => void lines.push([message, fields]);
    const logger = { debug: write, info: write, warn: write, error: write };
    const backend = backendOver(providerAt('http://127.0.0.1:9'), { logger, clock: steppedClock() });
    await ask(backend, 'GET /version?token=secret-of-somebody', undefined, { 'x-request-id': 'r1' });
    assert.deepEqual(JSON.parse(JSON.stringify(lines)), [
      ['GET /version', { status: 200, took_ms: 0, request_id: 'r1' }],
    ]);
    const broken = backendOver(providerAt('http://127.0.0.1:9'), {
      logger: {
        ...logger,
        info() {
          throw new Error('Disk full.');
        },
      },
    });
    const { status, error } = await ask(broken, 'GET /version');
    assert.deepEqual([status, error['code']], [500, 'INTERNAL_ERROR']);
    assert.doesNotMatch(JSON.stringify(error), /Disk/);
  });
});

describe('/api/oauth', () => {
  async function signing() {
    const tokens = await TokenServer.start();
    open.push(tokens);
    const server = await fake();
    const oauth = newAuthManager();
    const config = {
      clientId: 'client',
      clientSecret: 's',
      authUrl: `${tokens.url}/authorize`,
      tokenUrl: `${tokens.url}/token`,
    };
    oauth.registerAuthenticator(
      newOAuthAuthenticator('openai', oauth.getStorage(), { ...config, redirectUrl: 'http://localhost:8080/callback' }),
    );
    oauth.registerAuthenticator(newApiKeyAuthenticator('keyed', ['k']));
    return { tokens, server, oauth, backend: backendOver(providerAt(server.url), { oauth }) };
  }

  it('signs in, presents the token, renews it and gives it up', async () => {
    const { tokens, server, backend } = await signing();
    const begun = await ask(backend, 'GET /api/oauth/openai/initiate?response=json&scopes=a,b');
    const { code, state, asked } = tokens.agree(textOf(begun.data['auth_url']) ?? '');
    assert.deepEqual([asked.get('scope'), begun.data['state']], ['a b', state]);
    const signed = await ask(backend, `GET /api/oauth/openai/callback?code=${code}&state=${state}`);
    assert.deepEqual([signed.status, signed.data['authenticated']], [200, true]);
    await ask(backend, 'POST /api/generate', { prompt: 'x' });
    const [first] = server.requests;
    assert.match(String(first?.headers['authorization']), /^Bearer (?!your-api-key)/);
    assert.equal((await ask(backend, 'POST /api/oauth/openai/refresh')).status, 200);
    await ask(backend, 'POST /api/generate', { prompt: 'x' });
    assert.notEqual(server.requests[1]?.headers['authorization'], first?.headers['authorization']);
    const list = await ask(backend, 'GET /api/oauth');
    assert.equal(list.data['count'], 1);
    const gone = await ask(backend, 'POST /api/oauth/openai/revoke');
    assert.equal(gone.data['authenticated'], false);
    assert.equal((await ask(backend, 'GET /api/oauth/openai/status')).data['authenticated'], false);
  });

  it('sends browsers to the provider', async () => {
    const { tokens, backend } = await signing();
    const response = await backend(requestOf('GET /api/oauth/openai/initiate'));
    assert.equal(response.status, 302);
    assert.ok(response.headers.get('location')?.startsWith(`${tokens.url}/authorize`));
  });

  const failing: readonly (readonly [string, number, string])[] = [
    ['GET /api/oauth/openai/callback?code=1&state=unknown', 400, 'OAUTH_CALLBACK_FAILED'],
    ['GET /api/oauth/openai/callback?error=access_denied', 400, 'OAUTH_CALLBACK_FAILED'],
    ['GET /api/oauth/openai/callback?code=1', 400, 'MISSING_PARAMETER'],
    ['POST /api/oauth/openai/refresh', 400, 'REFRESH_FAILED'],
    ['GET /api/oauth/keyed/status', 400, 'NOT_OAUTH_PROVIDER'],
    ['GET /api/oauth/nobody/status', 404, 'PROVIDER_NOT_FOUND'],
    ['GET /api/oauth/openai/refresh', 405, 'METHOD_NOT_ALLOWED'],
  ];
  for (const [line, status, code] of failing)
    it(`answers ${line} with ${code}`, async () => {
      const { backend } = await signing();
      const answered = await ask(backend, line);
      assert.deepEqual([answered.status, answered.error['code']], [status, code]);
    });

  it('says what is missing where a sign-in cannot begin', async () => {
    const oauth = newAuthManager();
    oauth.registerAuthenticator(newOAuthAuthenticator('openai', oauth.getStorage(), {}));
    const backend = backendOver(providerAt('http://127.0.0.1:9'), { oauth });
    const { error } = await ask(backend, 'GET /api/oauth/openai/initiate?response=json');
    assert.equal(error['code'], 'OAUTH_INITIATE_FAILED');
  });

  it('says REVOKE_FAILED where the store does not let go', async () => {
    const storage = newAuthManager().getStorage();
    const stuck = { ...storage, retrieveToken: () => Promise.reject(new Error('No disk.')) };
    const oauth = newAuthManager();
    oauth.registerAuthenticator(newOAuthAuthenticator('openai', { ...stuck }, { clientId: 'id' }));
    const backend = backendOver(providerAt('http://127.0.0.1:9'), { oauth });
    const { error } = await ask(backend, 'POST /api/oauth/openai/revoke');
    assert.equal(error['code'], 'REVOKE_FAILED');
  });
});
