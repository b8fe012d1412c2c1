import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Finding } from '@patchbay/contract/resources/diagnostics';

import { startFrozen, type Frozen } from '../support/frozen-server.ts';
import { runDoctor, temporaryFolder } from './run-doctor.ts';

/** An authority that nobody here trusts, and a server whose certificate it signed. */
async function startUnderOwnAuthority(folder: string, host: string): Promise<Server> {
  const openssl = (...args: readonly string[]): unknown =>
    execFileSync('openssl', [...args], { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Own Authority', '-days', '90');
  const name = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  openssl('req', '-new', ...key, '-keyout', 'own.key', '-out', 'own.csr', ...name);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy', '-days', '90'];
  openssl('x509', '-req', '-in', 'own.csr', '-out', 'own.pem', ...signed);
  const [ownKey, own, authority] = await Promise.all(
    ['own.key', 'own.pem', 'ca.pem'].map((each) => readFile(path.join(folder, each), 'utf8')),
  );
  const server = createServer({ key: ownKey, cert: `${own}${authority}` }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"m"}]}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const canRun = (...[program = '', ...args]: readonly string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe(
  'providers behind a server that has stopped and behind an authority of their own',
  { timeout: 120_000 },
  () => {
    let frozen: Frozen;
    let server: Server | undefined;
    let findings: readonly Finding[] = [];
    let misled: readonly Finding[] = [];
    const skip = canRun('openssl', 'version') ? false : 'There is no openssl to be an authority with.';
    before(async () => {
      const folder = await temporaryFolder();
      frozen = await startFrozen();
      const environment: Record<string, string> = {
        GROQ_API_KEY: 'canary-key-of-groq-0001',
        GROQ_BASE_URL: `http://127.0.0.1:${frozen.port}/v1`,
      };
      if (skip === false) {
        server = await startUnderOwnAuthority(folder, 'own.localhost');
        environment['OPENAI_API_KEY'] = 'canary-key-of-openai-0001';
        environment['OPENAI_BASE_URL'] = `https://own.localhost:${(server.address() as AddressInfo).port}/v1`;
      }
      const trusting = (name: string) =>
        runDoctor(folder, { ...environment, NODE_EXTRA_CA_CERTS: path.join(folder, name) });
      const [ran, misnamed, trusted] = [
        await runDoctor(folder, environment),
        await trusting('mislaid.pem'),
        await trusting('ca.pem'),
      ];
      assert.equal(ran.code, 1, ran.output);
      assert.doesNotMatch(ran.output, /canary/);
      [findings, misled] = [ran.findings, misnamed.findings];
      assert.doesNotMatch(trusted.output, /certificate-untrusted|settings-authorities/);
    });
    after(() => {
      frozen.thaw();
      server?.closeAllConnections();
      server?.close();
    });
    const only = (id: string): Finding | undefined => {
      const of = findings.filter(({ subject, severity }) => subject === `provider ${id}` && severity !== 'info');
      assert.equal(of.length, 1, JSON.stringify(findings));
      return of[0];
    };

    it('are found to be strangers because the file of their authority cannot be read', { skip }, () => {
      const [found, ...more] = misled.filter(({ code }) => /authorities|certificate/.test(code));
      assert.deepEqual(more, []);
      assert.deepEqual(
        [found?.code, found?.subject, found?.severity],
        ['settings-authorities-unreadable', 'setting NODE_EXTRA_CA_CERTS', 'error'],
      );
      assert.match(found?.cause ?? '', /mislaid\.pem, which NODE_EXTRA_CA_CERTS names, is not trusted: ENOENT/);
      assert.match(found?.remedy ?? '', /openssl x509 -in .*mislaid\.pem/);
    });

    it('are found not to answer, with what may stand between', () => {
      const found = only('groq');
      assert.deepEqual(
        [found?.code, found?.severity, found?.evidence['code']],
        ['provider-no-answer', 'error', 'ETIMEDOUT'],
      );
      assert.match(found?.cause ?? '', /127\.0\.0\.1:\d+/);
      assert.match(found?.remedy ?? '', /firewall, or give the accounts a proxy/);
    });

    it('are found not to be trusted, until their authority is', { skip }, () => {
      const found = only('openai');
      assert.deepEqual(
        [found?.code, found?.severity, found?.evidence['phase']],
        ['provider-certificate-untrusted', 'error', 'tls'],
      );
      assert.match(found?.remedy ?? '', /NODE_EXTRA_CA_CERTS=\/path\/to\/ca\.pem/);
    });
  },
);

describe('a machine without a network', { timeout: 120_000 }, () => {
  const skip = canRun('unshare', '-n', 'true') ? false : 'This user may not have a network of its own.';
  it('is one finding for all providers, with what to look at', { skip }, async () => {
    const { findings, code, output } = await runDoctor(
      await temporaryFolder(),
      {
        GROQ_API_KEY: 'canary-key-of-groq-0001',
        GROQ_BASE_URL: 'http://192.0.2.1/v1',
        OPENAI_API_KEY: 'canary-key-of-openai-0001',
        OPENAI_BASE_URL: 'http://198.51.100.1/v1',
        EGRESS_ALLOW: '192.0.2.1,198.51.100.1',
      },
      ['--json'],
      ['unshare', '-n'],
    );
    assert.doesNotMatch(output, /canary/);
    const grave = findings.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      grave.map((each) => [each.code, each.subject]),
      [['network-down', 'gateway']],
      output,
    );
    assert.match(grave[0]?.cause ?? '', /192\.0\.2\.1/);
    assert.match(grave[0]?.remedy ?? '', /`ip route` must show a default route/);
    assert.equal(grave[0]?.evidence['code'], 'ENETUNREACH');
    assert.equal(code, 1);
  });
});
