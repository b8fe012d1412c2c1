import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { askOf } from './management-gateway.ts';

describe('the first start', () => {
  let gateway: GatewayProcess;
  before(async () => {
    gateway = await startProcess();
  });
  after(async () => {
    if (gateway.child.exitCode === null) await gateway.stop();
    await gateway.remove();
  });

  const fileOf = (name: string): string => path.join(gateway.dataDir, name);
  const login = (password: string) =>
    askOf(gateway.url, 'POST /api/auth/login', { body: { username: 'admin@example.com', password } });

  it('makes an administrator, shows the password once and keeps it for its owner alone', async () => {
    const password = (await readFile(fileOf('admin-password'), 'utf8')).trim();
    assert.match(gateway.output(), new RegExp(`^Administrator: admin, password \\(shown once\\): ${password}$`, 'm'));
    for (const name of ['admin-password', 'jwt-secret'])
      assert.equal((await stat(fileOf(name))).mode & 0o777, 0o600, name);
    assert.equal((await login(password)).status, 200);
  });

  it('opens no management to the key for calls, and is described for everyone', async () => {
    const key = { token: PROCESS_KEY };
    assert.equal((await askOf(gateway.url, 'GET /api/admin/providers', key)).status, 403);
    assert.equal((await askOf(gateway.url, 'GET /openapi.json')).status, 200);
    assert.equal((await askOf(gateway.url, 'GET /docs')).status, 200);
  });

  it('leaves a second one nothing to show; sessions last through it', async () => {
    const password = (await readFile(fileOf('admin-password'), 'utf8')).trim();
    const { token } = (await login(password)).json;
    await gateway.stop();
    const again = await startProcess({}, path.dirname(gateway.dataDir));
    assert.doesNotMatch(again.output(), /Administrator/);
    assert.equal((await askOf(again.url, 'GET /api/auth/me', { token })).status, 200);
    assert.ok(!again.output().includes(password));
    await again.stop();
  });
});
