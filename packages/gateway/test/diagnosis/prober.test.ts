import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { RequestSigner } from '@patchbay/llm/credentials/signers/request-signer';
import { systemClock } from '@patchbay/llm/model/clock';
import { openaiCompatible } from '@patchbay/llm/providers/openai-compatible';
import { selfSigned } from '@patchbay/llm/testing/self-signed';

import { guardedConnect } from '../../src/egress/guarded-connect.ts';
import { createEgressPolicy } from '../../src/egress/policy.ts';
import { DeadlineWheel } from '../../src/relay/deadline-wheel.ts';
import { fetchWhole } from '../../src/relay/fetch-whole.ts';
import { http1Upstream, type NetworkUpstream } from '../../src/relay/http1/http1-upstream.ts';
import { upstreamExchange } from '../../src/relay/upstream-exchange.ts';
import { createProber, type Prober } from '../../src/diagnosis/probe/prober.ts';
import type { Subject } from '../../src/diagnosis/probe/questions.ts';

const KEY = 'canary-key-of-probe';
let answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
let http: Server;
let https: Server;
let mute: Server;
let prober: Prober;
let upstream: NetworkUpstream;
let wheel: DeadlineWheel;

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

before(async () => {
  http = await listening(createServer((request, response) => void answer(request, response)));
  https = await listening(createTlsServer(selfSigned('localhost'), (_, response) => response.end('{}')));
  mute = await listening(createTcpServer((socket) => socket.on('error', () => undefined).end('what?\n')));
  const policy = createEgressPolicy(['127.0.0.1', 'localhost'], []);
  wheel = new DeadlineWheel(systemClock);
  upstream = http1Upstream(guardedConnect(policy, systemClock), wheel);
  prober = createProber({
    policy,
    names: (hostname) =>
      hostname === 'localhost'
        ? Promise.resolve(['127.0.0.1'])
        : hostname === 'inside.example'
          ? Promise.resolve(['10.0.0.1'])
          : Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
    signer: new RequestSigner({ exchange: upstreamExchange(upstream, wheel), clock: systemClock }),
    ask: (request, timeoutMs) => fetchWhole(upstream, request, wheel, timeoutMs),
    clock: systemClock,
    timeoutMs: 2000,
  });
});
after(async () => {
  upstream.close();
  for (const server of [http, https, mute]) {
    server.close();
    if ('closeAllConnections' in server) (server as ReturnType<typeof createServer>).closeAllConnections();
  }
});

const subjectAt = (baseUrl: string, more: Partial<Subject> = {}): Subject => ({
  record: { ...openaiCompatible, id: 'own', name: 'Own', baseUrl, auth: [{ kind: 'headers' }] },
  credential: {
    kind: 'headers',
    id: 'row',
    headers: { authorization: new Secret(`Bearer ${KEY}`) },
    secrets: [new Secret(KEY)],
  },
  claimed: { maxContextLength: 9000 },
  named: ['small', 'gone'],
  ...more,
});

const here = (): string => `http://127.0.0.1:${portOf(http)}/v1`;

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describe('a provider test', () => {
  it('goes through every phase and compares what was claimed', async () => {
    answer = (request, response) => {
      assert.deepEqual([request.url, request.headers.authorization], ['/v1/models', `Bearer ${KEY}`]);
      sendJson(response, 200, { data: [{ id: 'small', context_length: 4096 }, { id: 'other' }] });
    };
    const test = await prober.testProvider(subjectAt(here()));
    assert.deepEqual(
      test.phases.map(({ phase, ok }) => `${phase} ${ok}`),
      ['dns true', 'tcp true', 'http true', 'auth true', 'model true'],
    );
    assert.deepEqual([test.success, test.availableModels, test.errors], [true, ['small', 'other'], []]);
    assert.equal(test.capabilities['maxContextLength'], 4096);
    assert.deepEqual(test.capabilities['differences'], [
      'maxContextLength claims 9000 tokens; the longest that the provider names is 4096.',
      'The provider no longer lists the model `gone`.',
    ]);
  });

  for (const [where, phase, finding] of [
    [() => 'https://nowhere.example', 'dns', /nowhere\.example does not exist/],
    [() => 'https://inside.example', 'dns', /no public address.*EGRESS_ALLOW/],
    [() => 'http://127.0.0.1:1', 'tcp', /Nothing listens at 127\.0\.0\.1:1\./],
    [() => `https://localhost:${portOf(https)}`, 'tls', /signed itself.*Valid from/],
    [() => `https://localhost:${portOf(http)}`, 'tls', /does not speak TLS/],
    [() => `http://localhost:${portOf(mute)}`, 'http', /HTTP\/1\.1|connection/],
  ] as const)
    it(`stops at ${phase} and says ${String(finding)}`, async () => {
      answer = (_, response) => void response.end();
      const test = await prober.testProvider(subjectAt(where()));
      const last = test.phases.at(-1);
      assert.deepEqual([test.success, last?.phase, last?.ok], [false, phase, false]);
      assert.match(test.errors[0] ?? '', finding);
      assert.equal(test.errors.length, 1);
    });

  it('tells a refused key in the provider’s words, without the key', async () => {
    answer = (_, response) => sendJson(response, 401, { error: { message: `Incorrect API key: ${KEY}` } });
    const test = await prober.testProvider(subjectAt(here()));
    assert.deepEqual([test.success, test.phases.at(-1)?.phase], [false, 'auth']);
    assert.match(test.errors[0] ?? '', /refuses the list of models \(401\): Incorrect API key/);
    assert.doesNotMatch(JSON.stringify(test), /canary/);
  });

  it('takes a server without a list for one that cannot be asked', async () => {
    answer = (_, response) => sendJson(response, 404, { error: { message: 'nope' } });
    const test = await prober.testProvider(subjectAt(here()));
    assert.deepEqual([test.success, test.availableModels], [true, []]);
    assert.match(test.phases.at(-1)?.finding ?? '', /no list of models at \/models/);
  });
});

describe('a model test', () => {
  it('makes a real call of a few tokens', async () => {
    let asked = '';
    answer = async (request, response) => {
      for await (const piece of request) asked += String(piece);
      sendJson(response, 200, {
        id: 'a',
        choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
      });
    };
    const test = await prober.testModel(subjectAt(here()), 'small');
    assert.deepEqual([test.success, test.errors], [true, []]);
    const body = JSON.parse(asked) as { model: string; max_tokens: number };
    assert.deepEqual([body.model, body.max_tokens], ['small', 64]);
  });

  it('says that a model was not found', async () => {
    answer = (_, response) =>
      sendJson(response, 404, { error: { message: 'The model `x` does not exist', code: 'model_not_found' } });
    const test = await prober.testModel(subjectAt(here()), 'x');
    assert.equal(test.success, false);
    assert.match(test.errors[0] ?? '', /not found \(404\)/);
  });
});
