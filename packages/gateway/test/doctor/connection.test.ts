import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import { systemClock } from '@patchbay/llm/model/clock';
import { openaiCompatible } from '@patchbay/llm/providers/openai-compatible';
import { selfSigned, type Validity } from '@patchbay/llm/testing/self-signed';

import { providerConnection } from '../../src/diagnosis/checks/provider-connection.ts';
import { examine } from '../../src/diagnosis/examine.ts';
import { createProber } from '../../src/diagnosis/probe/prober.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { fetchWhole } from '../../src/relay/fetch-whole.ts';
import { upstreamExchange } from '../../src/relay/upstream-exchange.ts';
import { loopbackUpstream } from '../support/loopback-upstream.ts';
import { provider, startGateway } from '../support/test-gateway.ts';
import { closedPort, startDoctorGateway } from './doctor-gateway.ts';
import { runDoctor, temporaryFolder } from './run-doctor.ts';

const DAY_MS = 86_400_000;
const YEAR: Validity = { fromMs: -DAY_MS, toMs: 365 * DAY_MS };

/** A server with a certificate that is trusted by the doctor's process, unless it is told otherwise. */
interface Shown {
  readonly variable: string;
  readonly code: string | undefined;
  readonly name: string;
  readonly validity: Validity;
  readonly isTrusted: boolean;
}

const SERVERS: readonly Shown[] = [
  {
    variable: 'OPENAI',
    code: 'provider-certificate-expired',
    name: '',
    validity: { fromMs: -9 * DAY_MS, toMs: -DAY_MS },
    isTrusted: true,
  },
  {
    variable: 'GROQ',
    code: 'provider-certificate-not-yet-valid',
    name: '',
    validity: { fromMs: DAY_MS, toMs: 9 * DAY_MS },
    isTrusted: true,
  },
  {
    variable: 'MISTRAL',
    code: 'provider-certificate-soon',
    name: '',
    validity: { fromMs: -DAY_MS, toMs: 3 * DAY_MS },
    isTrusted: true,
  },
  {
    variable: 'DEEPSEEK',
    code: 'provider-certificate-wrong-name',
    name: 'other.example',
    validity: YEAR,
    isTrusted: true,
  },
  { variable: 'XAI', code: 'provider-certificate-self-signed', name: '', validity: YEAR, isTrusted: false },
  { variable: 'TOGETHER', code: undefined, name: '', validity: YEAR, isTrusted: true },
];

describe('certificates of providers', { timeout: 120_000 }, () => {
  const servers: Server[] = [];
  let findings: readonly Finding[] = [];
  before(async () => {
    const folder = await temporaryFolder();
    const trusted: string[] = [];
    const environment: Record<string, string> = {};
    for (const { variable, name, validity, isTrusted } of SERVERS) {
      // Authorities of one name would be taken for each other.
      const host = `${variable.toLowerCase()}.localhost`;
      const made = selfSigned(name || host, validity);
      if (isTrusted) trusted.push(made.cert);
      const server = createServer(made, (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"m"}]}');
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      servers.push(server);
      environment[`${variable}_API_KEY`] = `canary-key-of-${variable.toLowerCase()}-0001`;
      environment[`${variable}_BASE_URL`] = `https://${host}:${(server.address() as AddressInfo).port}/v1`;
    }
    // A plain server, where TLS is expected, and a port at which nobody listens.
    const plain = createTcpServer((socket) => socket.on('error', () => undefined).end('what?\n'));
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    environment['ANTHROPIC_API_KEY'] = 'canary-key-of-anthropic-0001';
    environment['ANTHROPIC_BASE_URL'] = `https://localhost:${(plain.address() as AddressInfo).port}`;
    environment['CEREBRAS_API_KEY'] = 'canary-key-of-cerebras-0001';
    environment['CEREBRAS_BASE_URL'] = `http://127.0.0.1:${await closedPort()}/v1`;
    const authorities = path.join(folder, 'authorities.pem');
    await writeFile(authorities, trusted.join(''));
    const ran = await runDoctor(folder, { ...environment, NODE_EXTRA_CA_CERTS: authorities });
    plain.close();
    assert.equal(ran.code, 1, ran.output);
    assert.doesNotMatch(ran.output, /canary/);
    findings = ran.findings;
  });
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
  const codesOf = (id: string): readonly string[] =>
    findings
      .filter(({ subject, severity }) => subject === `provider ${id}` && severity !== 'info')
      .map(({ code }) => code);

  for (const { variable, code } of SERVERS)
    it(`are found as ${code ?? 'nothing'}`, () => {
      assert.deepEqual(codesOf(variable.toLowerCase()), code === undefined ? [] : [code]);
      const found = findings.find((each) => each.code === code);
      if (found !== undefined) assert.match(found.remedy, /openssl s_client|NODE_EXTRA_CA_CERTS|curl -v/);
    });

  it('are none where no TLS is spoken, nor where nobody listens', () => {
    assert.deepEqual(codesOf('anthropic'), ['provider-not-tls']);
    assert.deepEqual(codesOf('cerebras'), ['provider-port-closed']);
    assert.match(findings.find(({ code }) => code === 'provider-port-closed')?.remedy ?? '', /Start the server at 127/);
  });
});

/** A name service on the loopback address that says of every name that there is none, or says nothing. */
async function startNames(answers: boolean) {
  const server = createSocket('udp4');
  server.on('message', (asked, from) => {
    if (!answers) return;
    const answer = Buffer.from(asked);
    // A response, and “no such name”.
    answer[2] = 0x81;
    answer[3] = 0x83;
    server.send(answer, from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('names of providers', () => {
  for (const [answers, records, code] of [
    [true, [], ['provider-name-unknown', 'provider-name-unknown']],
    [false, [], ['name-service-dead']],
    // A name that certainly exists says more of whoever does not know it.
    [true, [{ ...openaiCompatible, baseUrl: 'https://api.one.example/v1' }], ['name-service-dead']],
  ] as const)
    it(`are found as ${code.join(' and ')} where the service ${answers ? 'knows none' : 'is silent'} and ${records.length} certainly exist`, async () => {
      const server = await startNames(answers);
      const resolver = new Resolver({ timeout: 200, tries: 1 });
      resolver.setServers([`127.0.0.1:${server.address().port}`]);
      const wheel = new DeadlineWheel(systemClock);
      const network = loopbackUpstream();
      const gateway = await startGateway([
        provider('openai', 'https://api.one.example/v1', 'canary-key-one'),
        provider('groq', 'https://api.two.example/v1', 'canary-key-two'),
      ]);
      try {
        const prober = createProber({
          policy: createEgressPolicy([], []),
          names: (hostname) => resolver.resolve4(hostname),
          signer: new RequestSigner({ exchange: upstreamExchange(network, wheel), clock: systemClock }),
          ask: (request, timeoutMs) => fetchWhole(network, request, wheel, timeoutMs),
          clock: systemClock,
          timeoutMs: 2000,
        });
        const ports = { registry: gateway.gateway.registry, prober, records, clock: systemClock };
        const { findings } = await examine({ checks: [providerConnection], ports, clock: systemClock });
        assert.deepEqual(
          findings.map((each) => each.code),
          code,
        );
        assert.match(findings[0]?.remedy ?? '', code.length > 1 ? /host name/ : /resolv\.conf/);
      } finally {
        await gateway.close();
        network.close();
        server.close();
      }
    });
});

describe('an address of a provider that is private', () => {
  it('is found not to be allowed, with the setting that allows it', async () => {
    const gateway = await startDoctorGateway({ egressAllow: [] });
    try {
      const nowMs = systemClock.nowMs();
      await gateway.store.rows.providers.insert({
        id: '5c1f6b0e-0000-4000-8000-000000000001',
        identifier: 'inside',
        name: 'Inside',
        apiEndpoint: 'http://10.1.2.3/v1',
        authMethod: 'api_key',
        authConfig: { fields: { apiKey: 'not-secret-at-all-in-this-test' } },
        capabilities: {},
        status: 'active',
        isSystem: false,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      });
      await gateway.management.gateway.gateway.registry.refresh();
      assert.match((await gateway.one('provider-address-private', 'network')).remedy, /EGRESS_ALLOW=10\.1\.2\.3/);
    } finally {
      await gateway.close();
    }
  });
});
