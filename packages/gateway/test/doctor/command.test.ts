import assert from 'node:assert/strict';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';

import { systemClock } from '@patchbay/llm/model/clock';

import { PROCESS_KEY, startProcess, type GatewayProcess } from '../support/gateway-process.ts';
import { runDoctor, temporaryFolder } from './run-doctor.ts';
import { closedPort } from './doctor-gateway.ts';

const ADMIN_PASSWORD = 'canary-password-of-the-first';

describe('patchbay doctor without a running gateway', { timeout: 120_000 }, () => {
  it('finds nothing in an installation as it comes, and makes no keys that nobody was shown', async () => {
    const folder = await temporaryFolder();
    const { code, findings, output } = await runDoctor(folder, {});
    assert.deepEqual(findings, [], output);
    assert.equal(code, 0);
    assert.deepEqual(await readdir(folder), []);
  });

  it('finds settings that cannot be used, each by its name', async () => {
    const { code, findings } = await runDoctor(await temporaryFolder(), { PORT: 'eighty', OPENAI_API_KEY: 'sk-1234' });
    assert.deepEqual(
      findings.map((each) => [each.code, each.subject]),
      [
        ['start-setting-unusable', 'setting PORT'],
        ['start-setting-unusable', 'setting OPENAI_API_KEY'],
      ],
    );
    assert.equal(code, 1);
  });

  it('finds a store that cannot be opened, and what can be looked at besides', async () => {
    const DATABASE_URL = `postgres://user:canary@127.0.0.1:${await closedPort()}/none`;
    const { code, findings, output } = await runDoctor(await temporaryFolder(), {
      DATABASE_URL,
      REDIS_URL: `redis://127.0.0.1:${await closedPort()}`,
      GROQ_API_KEY: 'canary-key-of-groq',
      GROQ_BASE_URL: `http://127.0.0.1:${await closedPort()}/v1`,
      GATEWAY_API_KEY: 'short',
    });
    assert.deepEqual(
      findings.map((each) => each.code),
      ['start-store-unusable', 'provider-port-closed', 'redis-down', 'settings-short-key'],
      output,
    );
    assert.equal(code, 1);
    assert.doesNotMatch(output, /canary/);
  });

  it('finds a folder that could not be made, and a file of settings that cannot be read', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    for (const DATA_DIR of [file, path.join(file, 'data')]) {
      const { code, findings } = await runDoctor(folder, { DATA_DIR });
      assert.deepEqual([code, findings.map((each) => each.code)], [1, ['start-folder-unusable']]);
    }
    await writeFile(path.join(folder, 'config.yaml'), 'port: [1\n');
    const { findings } = await runDoctor(folder, {});
    assert.deepEqual(
      findings.map((each) => [each.code, each.subject]),
      [['start-setting-unusable', 'file config.yaml']],
    );
  });

  it('says how it is used', async () => {
    const { code, output } = await runDoctor(await temporaryFolder(), {}, ['--mend']);
    assert.equal(code, 2);
    assert.match(output, /patchbay doctor \[--json\] \[--fix\]/);
  });
});

describe('patchbay doctor beside a running gateway', { timeout: 120_000 }, () => {
  let gateway: GatewayProcess;
  let folder = '';
  let port = '';
  before(async () => {
    gateway = await startProcess({ ADMIN_PASSWORD, DOCTOR_INTERVAL: '0' });
    folder = path.dirname(gateway.dataDir);
    port = new URL(gateway.url).port;
  });
  after(async () => {
    await gateway.stop();
    await gateway.remove();
  });
  const bearer = { authorization: 'Bearer pb_nobody_knows_this_key', 'content-type': 'application/json' };

  const signIn = async (): Promise<string> => {
    const login = await fetch(`${gateway.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    });
    return ((await login.json()) as { readonly token: string }).token;
  };

  it('asks the gateway of its own data folder, which knows what happened', async () => {
    const refused = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers: bearer, body: '{}' });
    assert.equal(refused.status, 401);
    const { findings, code, output } = await runDoctor(folder, { PORT: port });
    assert.deepEqual(
      findings.filter((each) => each.code === 'key-unknown').map(({ subject }) => subject),
      ['routes of models'],
      output,
    );
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /canary/);
    const rows = new DatabaseSync(path.join(gateway.dataDir, 'patchbay.db'), { readOnly: true });
    const open = rows.prepare('SELECT count(*) AS n FROM refresh_tokens WHERE revoked_at_ms IS NULL').get();
    rows.close();
    assert.equal(open?.['n'], 0);
  });

  it('asks it all the same where the environment has the key of an application, as it does after the examples', async () => {
    const { findings, output } = await runDoctor(folder, { PORT: port, PATCHBAY_API_KEY: PROCESS_KEY });
    assert.ok(findings.length > 0, output);
    for (const { code } of findings) assert.doesNotMatch(code, /^gateway-|-without-role$/);
  });

  it('asks a gateway by its address and an administrative key, shows it to people, and mends on demand', async () => {
    const there = { PATCHBAY_URL: gateway.url, PATCHBAY_API_KEY: await signIn() };
    await chmod(gateway.dataDir, 0o755);
    await writeFile(path.join(gateway.dataDir, 'canary'), 'x');
    await chmod(path.join(gateway.dataDir, 'canary'), 0o644);
    const elsewhere = await temporaryFolder();
    const shown = await runDoctor(elsewhere, there, []);
    assert.match(shown.output, /Warnings \(\d+\)[\s\S]*\[files-open-to-others\][\s\S]*chmod 0600 /);
    // Nobody sees colours who is no terminal.
    assert.ok(!shown.output.includes('\u001B'));
    const mended = await runDoctor(elsewhere, there, ['--json', '--fix']);
    assert.match(mended.output, /"done":"Took others' rights away\. Undo: chmod 0755/);
    const after = await runDoctor(elsewhere, there);
    assert.deepEqual(
      after.findings.filter((each) => each.code === 'files-open-to-others'),
      [],
    );
  });

  it('finds a limit of a key that is used up', async () => {
    const headers = { authorization: `Bearer ${await signIn()}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ label: 'small', limits: { requests_per_day: 1 } });
    const made = await fetch(`${gateway.url}/v1/api-keys`, { method: 'POST', headers, body });
    const { id, key } = (await made.json()) as { readonly id: string; readonly key: string };
    const call = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] }),
    });
    assert.equal(call.status, 200, await call.text());
    const { findings } = await runDoctor(folder, { PORT: port });
    const found = findings.find(({ code }) => code === 'limit-reached');
    assert.equal(found?.evidence['key'], id, JSON.stringify(findings));
    assert.match(found?.remedy ?? '', /api-keys/);
  });

  it('finds keys that are presented although they have ended, or were revoked', async () => {
    const headers = { authorization: `Bearer ${await signIn()}`, 'content-type': 'application/json' };
    const make = async (more: object) => {
      const body = JSON.stringify({ label: 'short', ...more });
      const made = await fetch(`${gateway.url}/v1/api-keys`, { method: 'POST', headers, body });
      assert.equal(made.status, 201, await made.clone().text());
      return (await made.json()) as { readonly id: string; readonly key: string };
    };
    const call = async (key: string): Promise<number> => {
      const mine = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const body = JSON.stringify({ model: 'simulator/echo', messages: [{ role: 'user', content: 'hi' }] });
      return (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers: mine, body })).status;
    };
    const revoked = await make({});
    assert.equal(await call(revoked.key), 200);
    await fetch(`${gateway.url}/api/v1/api-keys/${revoked.id}`, { method: 'DELETE', headers });
    assert.equal(await call(revoked.key), 401);
    const short = await make({ expires_at: new Date(systemClock.nowMs() + 1000).toISOString() });
    while ((await call(short.key)) !== 401) await systemClock.sleep(50);
    const { findings, output } = await runDoctor(folder, { PORT: port });
    for (const [code, cause, remedy] of [
      ['key-revoked', /has been revoked\. Once in the last 15 minutes/, /patchbay keys create/],
      ['key-expired', /has expired\. Once in the last 15 minutes/, /PUT \/v1\/api-keys\/\{id\}.*expires_at/],
    ] as const) {
      const found = findings.find((each) => each.code === code);
      assert.deepEqual([found?.subject, found?.severity], ['routes of models', 'info'], output);
      assert.match(found?.cause ?? '', cause);
      assert.match(found?.remedy ?? '', remedy);
    }
    assert.ok(!output.includes(revoked.key) && !output.includes(short.key));
  });

  it('finds that it is not let in, or that nobody answers', async () => {
    const elsewhere = await temporaryFolder();
    const wrong = await runDoctor(elsewhere, { PATCHBAY_URL: gateway.url, PATCHBAY_API_KEY: 'pb_nobody' });
    assert.deepEqual([wrong.code, wrong.findings[0]?.code], [1, 'gateway-refuses-doctor']);
    const url = `http://127.0.0.1:${await closedPort()}`;
    const nobody = await runDoctor(elsewhere, { PATCHBAY_API_KEY: 'pb_nobody' }, ['--json', '--url', url]);
    assert.deepEqual([nobody.code, nobody.findings[0]?.code], [1, 'gateway-unreachable']);
  });

  it('is told when its own gateway has no time for it', async () => {
    const busy = await startProcess({ API_RATE_LIMIT_MAX: '1', DOCTOR_INTERVAL: '0' });
    try {
      const there = { PORT: new URL(busy.url).port };
      assert.equal((await runDoctor(path.dirname(busy.dataDir), there)).code, 0);
      const { findings } = await runDoctor(path.dirname(busy.dataDir), there);
      assert.deepEqual(
        findings.map(({ code, evidence }) => [code, evidence['status']]),
        [['gateway-refuses-doctor', 429]],
      );
    } finally {
      await busy.stop();
      await busy.remove();
    }
  });

  it('finds another program at the port that this gateway would have', async () => {
    const { findings } = await runDoctor(await temporaryFolder(), { PORT: port });
    assert.ok(
      findings.some((each) => each.code === 'start-port-taken'),
      JSON.stringify(findings),
    );
  });
});
