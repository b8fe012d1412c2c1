import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startProcess, PROCESS_KEY, type GatewayProcess } from '../support/gateway-process.ts';

const RUN = fileURLToPath(new URL('../../../../scripts/run.mjs', import.meta.url));
const ORIGINS = ['http://localhost:3000', 'https://your-app.com'];

const ADMIN = { ADMIN_PASSWORD: 'canary-admin-password-of-debug' };

describe('a gateway that is debugged', () => {
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await startProcess({
      ...ADMIN,
      DEBUG: 'dynamic-providers:*,patchbay:calls',
      LOG_DIR: 'logs',
      ALLOWED_ORIGINS: ORIGINS.join(','),
      OPENAI_API_KEY: 'sk-canary-of-the-debug-suite-1',
    });
  });
  after(async () => {
    if (gateway.child.exitCode === null) await gateway.stop();
    await gateway.remove();
  });

  const preflight = (route: string, origin: string): Promise<Response> =>
    fetch(gateway.url + route, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  it('lets pages of the listed origins ask, and of no others', async () => {
    for (const route of ['/v1/debug/support-bundle', '/api/auth/login', '/v1/api-keys'])
      for (const origin of ORIGINS) {
        const { status, headers } = await preflight(route, origin);
        assert.equal(status, 204);
        assert.equal(headers.get('access-control-allow-origin'), origin);
        assert.match(headers.get('access-control-allow-methods') ?? '', /POST/);
        assert.match(headers.get('access-control-allow-headers') ?? '', /content-type/);
      }
    for (const origin of ['http://localhost:3001', 'https://your-app.com.evil.example', 'null'])
      assert.equal(
        (await preflight('/v1/debug/config', origin)).headers.get('access-control-allow-origin'),
        null,
        origin,
      );
  });

  it('names areas alone, so that nothing is open', async () => {
    assert.equal((await fetch(`${gateway.url}/v1/debug/config`)).status, 401);
  });

  it('tells of the areas that are wanted, and keeps its log in a file of its own', async () => {
    const login = await fetch(`${gateway.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: ADMIN.ADMIN_PASSWORD }),
    });
    const { token } = (await login.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${gateway.url}/api/admin/providers/refresh-registry`, { method: 'POST', headers });
    await fetch(`${gateway.url}/api/auth/me`, { headers });
    await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${PROCESS_KEY}`,
        'content-type': 'application/json',
        'x-request-id': 'told-call',
      },
      body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'canary words' }] }),
    });
    await gateway.stop();
    const output = gateway.output();
    assert.match(output, /dynamic-providers:registry registry\.refresh.*done/);
    assert.match(output, /patchbay:calls call.*told-call.*"name":"settled"/);
    assert.doesNotMatch(output, /patchbay:auth/);
    const file = path.join(path.dirname(gateway.dataDir), 'logs', 'application.log');
    const lines = await readFile(file, 'utf8');
    assert.match(lines, /success \/v1\/chat\/completions/);
    assert.match(lines, /dynamic-providers:registry/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    for (const text of [output, lines]) assert.doesNotMatch(text, /canary/);
  });
});

describe('a second gateway on the same port', () => {
  it('ends and names the port and the variable', async () => {
    const first = await startProcess(ADMIN);
    try {
      const { port } = new URL(first.url);
      const env = { PATH: '/usr/bin:/bin', PORT: port, DATA_DIR: `${first.dataDir}-2`, ...ADMIN };
      const args = ['--conditions=patchbay-src', RUN, 'start'];
      await assert.rejects(
        promisify(execFile)(process.execPath, args, { env, cwd: path.dirname(first.dataDir) }),
        ({ code, stderr }: { code: number; stderr: string }) => {
          assert.notEqual(code, 0);
          assert.match(stderr, new RegExp(`Port ${port} .*PORT`));
          return true;
        },
      );
    } finally {
      await first.stop();
      await first.remove();
    }
  });
});
