import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { strFromU8, unzipSync } from 'fflate';

import { startProcess, PROCESS_KEY, type GatewayProcess } from '../support/gateway-process.ts';

const RUN = fileURLToPath(new URL('../../../../scripts/run.mjs', import.meta.url));
const ORIGINS = ['http://localhost:3000', 'https://your-app.com'];

const ADMIN = { ADMIN_PASSWORD: 'canary-admin-password-of-debug' };

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a gateway that is debugged', () => {
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await startProcess({
      ...ADMIN,
      DEBUG: 'dynamic-providers:*,patchbay:calls',
      LOG_DIR: 'logs',
      PROFILING: 'true',
      PROFILING_PORT: '0',
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

  it('serves profiles to this machine where they are wanted', async () => {
    const port = await until(() => /profiles are at http:\/\/localhost:(\d+)\//.exec(gateway.output())?.[1]);
    const response = await fetch(`http://127.0.0.1:${port}/debug/pprof/heap`);
    assert.equal(response.status, 200);
    const strings = gunzipSync(new Uint8Array(await response.arrayBuffer())).toString('latin1');
    assert.match(strings, /inuse_space/);
    assert.doesNotMatch(strings, /canary/);
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

describe('patchbay support-bundle', () => {
  const CANARIES = ['sk-canary-bundle-provider-1', 'canary-bundle-admin-password', 'canary bundle prompt', PROCESS_KEY];
  let gateway: GatewayProcess;
  let env: Record<string, string>;
  before(async () => {
    const settings = { ADMIN_PASSWORD: CANARIES[1] ?? '', OPENAI_API_KEY: CANARIES[0] ?? '' };
    gateway = await startProcess(settings);
    const { port } = new URL(gateway.url);
    env = { PATH: '/usr/bin:/bin', DATA_DIR: gateway.dataDir, PORT: port, GATEWAY_API_KEY: PROCESS_KEY, ...settings };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${PROCESS_KEY}`,
        'content-type': 'application/json',
        'x-trace-enabled': 'true',
      },
      body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: CANARIES[2] }] }),
    });
    assert.equal(response.status, 200, await response.text());
  });
  after(async () => {
    if (gateway.child.exitCode === null) await gateway.stop();
    await gateway.remove();
  });

  const bundle = async (file: string): Promise<{ of: string; texts: Record<string, string> }> => {
    const cwd = path.dirname(gateway.dataDir);
    const args = ['--conditions=patchbay-src', RUN, 'patchbay', 'support-bundle', file, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd });
    const { of } = JSON.parse(stdout) as { of: string };
    const at = path.join(cwd, file);
    assert.equal((await stat(at)).mode & 0o777, 0o600);
    const files = Object.entries(unzipSync(await readFile(at)));
    return { of, texts: Object.fromEntries(files.map(([name, bytes]) => [name, strFromU8(bytes)])) };
  };

  const assertClean = (texts: Record<string, string>): void => {
    const all = Object.values(texts).join('\n');
    for (const canary of CANARIES) assert.equal(all.includes(canary), false, canary);
    assert.equal(texts['errors.json'], '{}\n');
  };

  it('is of the gateway that runs, with its log and its traces', async () => {
    const { of, texts } = await bundle('running.zip');
    assert.equal(of, `the gateway at ${gateway.url}`);
    assertClean(texts);
    assert.match(texts['log.txt'] ?? '', /success \/v1\/chat\/completions/);
    assert.match(texts['traces.json'] ?? '', /"settled"/);
    const schema = JSON.parse(texts['schema.json'] ?? '') as { kind: string; migrations: string[]; pending: string[] };
    assert.deepEqual([schema.kind, schema.pending, schema.migrations[0]], ['there', [], '0001-data-plane-keys']);
    await assert.rejects(bundle('running.zip'), /is there already/);
  });

  it('is of what would start where none runs', async () => {
    await gateway.stop();
    const { of, texts } = await bundle('stopped.zip');
    assert.equal(of, 'what would start here');
    assertClean(texts);
    assert.match(texts['calls.json'] ?? '', /"simulator"/);
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
