import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { CHECKS } from '../../src/diagnosis/checks/index.ts';
import { sendJson, startUpstream, type ScriptedUpstream } from '../support/scripted-upstream.ts';
import { post, provider, startGateway, type TestGateway } from '../support/test-gateway.ts';
import { closedPort, startDoctorGateway } from './doctor-gateway.ts';

const HI = { model: 'openai/gpt-4', messages: [{ role: 'user', content: 'hi' }] };
const ANTHROPIC = { ...HI, max_tokens: 10 };
const KNOWN = new Set(CHECKS.flatMap(({ codes }) => Object.keys(codes)));

describe('a failed call', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let status = 200;
  let code = '';
  before(async () => {
    upstream = await startUpstream((_, response) =>
      sendJson(response, status, { error: { message: 'No.', type: code, code } }),
    );
    gateway = await startGateway([
      provider('openai', `${upstream.url}/v1`, 'canary-key-of-failed-calls'),
      provider('groq', `http://127.0.0.1:${await closedPort()}/v1`, 'canary-key-of-the-closed-port'),
    ]);
  });
  after(async () => {
    await gateway.close();
    await upstream.close();
  });
  beforeEach(() => {
    for (const { pool } of gateway.gateway.registry.current().runtimes.values())
      for (const seat of pool.seats) seat.reset();
  });

  const named = async (path: string, body: object, headers?: Record<string, string>) => {
    const response = await post(gateway, path, body, headers);
    const found = response.headers.get('x-patchbay-doctor');
    if (found !== null) assert.ok(KNOWN.has(found), found);
    return { found, error: ((await response.json()) as { error: { doctor?: string; code?: string } }).error };
  };

  const CASES = [
    [401, 'invalid_api_key', 'account-refused'],
    [403, 'insufficient_permissions', 'account-scope-missing'],
    [429, 'insufficient_quota', 'account-out-of-money'],
    [404, 'model_not_found', 'calls-model-unknown'],
    [500, 'server_error', 'provider-http-fails'],
  ] as const;
  for (const [answered, word, wanted] of CASES)
    it(`names ${wanted} in its headers where the provider answers ${word}, in its own dialect and in another`, async () => {
      [status, code] = [answered, word];
      assert.equal((await named('/v1/chat/completions', HI)).found, wanted);
      const { found, error } = await named('/v1/messages', ANTHROPIC);
      assert.deepEqual([found, error.doctor], [wanted, wanted]);
    });

  it('names what is wrong with the way to the provider, with keys and with names', async () => {
    const { found, error } = await named('/v1/chat/completions', { ...HI, model: 'groq/any' });
    assert.deepEqual([found, error.doctor], ['provider-port-closed', 'provider-port-closed']);
    const unknown = await named('/v1/chat/completions', HI, { authorization: 'Bearer nobody' });
    assert.deepEqual([unknown.found, unknown.error.doctor], ['key-unknown', 'key-unknown']);
    assert.equal((await named('/v1/chat/completions', HI, { authorization: 'Bearer revoked' })).found, 'key-revoked');
    assert.equal((await named('/v1/chat/completions', { ...HI, model: 'no-such-model' })).found, 'calls-model-unknown');
  });

  it('names nothing where the caller alone is at fault', async () => {
    const { found, error } = await named('/v1/chat/completions', { model: 'openai/gpt-4' });
    assert.deepEqual([found, error.doctor], [null, undefined]);
    const nowhere = await named('/v1/chat/completion', HI);
    assert.deepEqual([nowhere.found, nowhere.error.code], [null, 'unknown_url']);
  });
});

describe('answers that break off', { timeout: 60_000 }, () => {
  it('are not taken for a provider that cannot be reached', async () => {
    const chunk = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-4' };
    const said = { ...chunk, choices: [{ index: 0, delta: { content: 'half of ' }, finish_reason: null }] };
    const upstream = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(said)}\n\n`, () => response.destroy());
    });
    const gateway = await startDoctorGateway({
      providers: [provider('openai', `${upstream.url}/v1`, 'canary-key-of-broken-answers')],
    });
    try {
      const log = gateway.store.createCallLog({ onError: assert.ifError });
      for (let call = 0; call < 4; call += 1) {
        const answer = await post(gateway.management.gateway, '/v1/chat/completions', { ...HI, stream: true });
        assert.match(await answer.text(), /half of .*upstream_unreachable/s);
        log.record(await gateway.management.gateway.nextRecord());
      }
      await log.close();
      const found = await gateway.find();
      assert.deepEqual(
        found.filter(({ code }) => code.startsWith('calls-')).map(({ code, subject }) => [code, subject]),
        [['calls-cut-off', 'model openai/gpt-4']],
      );
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });
});
