import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Secret } from '@patchbay/llm/credentials/secret';
import { systemClock } from '@patchbay/llm/model/clock';

import { provider } from '../support/test-gateway.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { startDoctorGateway, type DoctorGateway } from './doctor-gateway.ts';

const MODELS = { data: [{ id: 'gpt-4', context_length: 8192 }] };
const error = (message: string, code: string) => ({ error: { message, type: code, code } });

describe('credentials of accounts, as their providers see them', () => {
  let upstream: ScriptedUpstream;
  let gateway: DoctorGateway;
  let answer: readonly [status: number, body: object | string] = [200, MODELS];
  before(async () => {
    upstream = await startUpstream((request, response) => {
      // The second account is always a good one.
      const isFirst = request.headers.authorization === 'Bearer canary-key-one-of-the-suite';
      sendJson(response, ...(isFirst ? answer : ([200, MODELS] as const)));
    });
    const keys = ['canary-key-one-of-the-suite', 'canary-key-two-of-the-suite'];
    gateway = await startDoctorGateway({ providers: [provider('openai', `${upstream.url}/v1`, ...keys)] });
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });
  beforeEach(() => {
    answer = [200, MODELS];
  });

  it('are well when the provider lists its models, of which built-in rows name others too', async () => {
    const codes = (await gateway.find('network')).map(({ code, severity }) => `${code} ${severity}`);
    assert.deepEqual(codes, ['built-in-models-not-listed info']);
    assert.ok(upstream.seen.length >= 2);
  });

  const CASES = [
    [
      'account-refused',
      401,
      error('Incorrect API key provided: canary-key-one-of-the-suite', 'invalid_api_key'),
      /Make a new key/,
    ],
    [
      'account-scope-missing',
      403,
      error('Missing scopes: model.read', 'insufficient_permissions'),
      /permission to list/,
    ],
    ['account-out-of-money', 429, error('You exceeded your current quota', 'insufficient_quota'), /Add credit/],
    ['account-rate-limited', 429, error('Rate limit reached', 'rate_limit_exceeded'), /another account/],
  ] as const;
  for (const [code, status, body, remedy] of CASES)
    it(`are found as ${code} where the provider answers ${status}`, async () => {
      answer = [status, body];
      const found = await gateway.one(code, 'network');
      assert.equal(found.subject, 'account openai-1');
      assert.match(found.remedy, remedy);
      assert.match(found.cause, /OpenAI/);
      assert.deepEqual([found.evidence['provider'], found.evidence['status']], ['openai', status]);
    });

  it('are not blamed for a provider that fails', async () => {
    answer = [500, error('The server had an error', 'server_error')];
    const found = await gateway.one('provider-http-fails', 'network');
    assert.equal(found.subject, 'provider openai');
  });

  it('are not blamed for an address that leads to something else', async () => {
    answer = [200, 'I am a web page'];
    const found = await gateway.one('provider-path-wrong', 'network');
    assert.match(found.remedy, /\/v1/);
  });
});

describe('credentials that no header can carry', () => {
  it('are found before anybody calls with them', async () => {
    const upstream = await startUpstream((_, response) => sendJson(response, 200, MODELS));
    const gateway = await startDoctorGateway();
    try {
      const nowMs = systemClock.nowMs();
      await gateway.store.rows.providers.insert({
        id: randomUUID(),
        identifier: 'own',
        name: 'Own',
        apiEndpoint: `${upstream.url}/v1`,
        authMethod: 'api_key',
        // Text programs make such dashes of two hyphens.
        authConfig: { fields: { apiKey: new Secret('canary–key–of–own–provider') } },
        capabilities: {},
        status: 'active',
        isSystem: false,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      });
      await gateway.management.gateway.gateway.registry.refresh();
      const found = await gateway.one('account-not-presentable', 'network');
      assert.deepEqual([found.severity, found.evidence['provider']], ['error', 'own']);
      assert.match(found.cause, /^Own, account .*has characters that no header can carry/);
      assert.match(found.remedy, /Console → Accounts/);
      assert.equal(upstream.seen.filter(({ method, path }) => method === 'GET' && path === '/v1/models').length, 0);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
});

describe('models that rows name', () => {
  let upstream: ScriptedUpstream;
  let gateway: DoctorGateway;
  before(async () => {
    upstream = await startUpstream((_, response) => sendJson(response, 200, MODELS));
    gateway = await startDoctorGateway();
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });

  it('are compared with what the provider lists, and taken out on demand', async () => {
    const nowMs = systemClock.nowMs();
    const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
    const providerId = randomUUID();
    await gateway.store.rows.providers.insert({
      id: providerId,
      identifier: 'own',
      name: 'Own',
      apiEndpoint: `${upstream.url}/v1`,
      authMethod: 'api_key',
      authConfig: { fields: { apiKey: new Secret('canary-key-of-own-provider') } },
      capabilities: {},
      status: 'active',
      isSystem: false,
      ...times,
    });
    for (const [identifier, contextLength] of [
      ['gpt-4', 128_000],
      ['gone', 1000],
    ] as const)
      await gateway.store.rows.models.insert({
        id: randomUUID(),
        providerId,
        identifier,
        name: identifier,
        contextLength,
        capabilities: {},
        status: 'active',
        isDefault: false,
        ...times,
      });
    await gateway.management.gateway.gateway.registry.refresh();
    const gone = await gateway.one('model-not-listed', 'network');
    assert.equal(gone.subject, 'model own/gone');
    assert.equal(gone.fixable, true);
    const differs = await gateway.one('model-capabilities-differ', 'network');
    assert.deepEqual(
      [differs.subject, differs.evidence['claimed'], differs.evidence['provides']],
      ['model own/gpt-4', 128_000, 8192],
    );
    const done = await gateway.management.gateway.gateway.doctor?.fix('model-not-listed', 'model own/gone');
    assert.match(typeof done === 'object' ? done.done : '', /Undo/);
    await gateway.management.gateway.gateway.registry.refresh();
    const codes = (await gateway.find('network')).map(({ code }) => code);
    assert.deepEqual(codes, ['model-capabilities-differ']);
  });
});
