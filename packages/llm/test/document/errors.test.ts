import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';

import * as kit from '../../src/kit.ts';
import { beginSse, drain, json, startFake, type Answer } from './fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function providerAt(answer: Answer, more: Partial<kit.ProviderConfig> = {}): Promise<kit.Provider> {
  const server = await startFake(answer);
  open.push(server);
  const factory = kit.newProviderFactory({ env: {} });
  kit.registerDefaultProviders(factory);
  const config = { type: 'openai', apiKey: 'sk-canary-0123456789', baseUrl: server.url, maxRetries: 0, ...more };
  return factory.createProvider(config.type, config);
}

/** The error that a question ends in. */
async function errorOf(
  provider: kit.Provider,
  options: kit.GenerateOptions = { prompt: 'x' },
): Promise<kit.ProviderError> {
  try {
    await drain(await provider.generateChatCompletion(options));
  } catch (error) {
    assert.ok(error instanceof kit.ProviderError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'The question was answered.' });
}

const refusing =
  (status: number, message: string, code?: string): Answer =>
  (response) =>
    json(response, status, { error: { message, ...(code !== undefined && { code }) } });

describe('Error Reference', () => {
  const cases: readonly (readonly [string, Answer, kit.ProviderErrorCode, boolean])[] = [
    ['401', refusing(401, 'Bad key'), 'authentication', false],
    ['403', refusing(403, 'No access'), 'authentication', false],
    ['429', refusing(429, 'Slow down'), 'rate_limit', true],
    ['429 quota', refusing(429, 'You exceeded your current quota', 'insufficient_quota'), 'rate_limit', true],
    ['400', refusing(400, 'Bad value'), 'invalid_request', false],
    ['404', refusing(404, 'Nothing here'), 'not_found', false],
    ['500', refusing(500, 'Oops'), 'server_error', true],
    ['502', refusing(502, 'Oops'), 'server_error', true],
    ['503', refusing(503, 'Busy'), 'server_error', true],
    ['504', refusing(504, 'Too slow'), 'server_error', true],
    ['408', refusing(408, 'Too slow'), 'timeout', true],
    ['400 length', refusing(400, "This model's maximum context length is 8192 tokens"), 'context_length', false],
    ['400 filter', refusing(400, 'Filtered', 'content_filter'), 'content_filter', false],
    ['cut', (response) => void response.destroy(), 'network', true],
    ['garbage', (response) => void response.end('<html>'), 'server_error', true],
  ];

  it('names every kind of failure by its code, and says whether to try again', async () => {
    const codes = new Set<string>();
    for (const [name, answer, code, retryable] of cases) {
      const error = await errorOf(await providerAt(answer));
      assert.equal(error.code, code, name);
      assert.equal(error.isRetryable(), retryable, name);
      assert.equal(error.is(code), true);
      assert.equal(error.provider, 'openai');
      assert.equal(error.operation, 'generateChatCompletion');
      assert.ok(error.cause !== undefined, name);
      const status = Number.parseInt(name, 10);
      if (status > 0) assert.equal(error.statusCode, status);
      codes.add(code);
    }
    const elsewhere = ['invalid_config', 'unknown'];
    assert.deepEqual([...codes, ...elsewhere].sort(), Object.keys(kit.PROVIDER_ERROR_RETRYABLE).sort());
  });

  it('says how many seconds to wait', async () => {
    const told = await providerAt((response) =>
      json(response, 429, { error: { message: 'x' } }, { 'retry-after': '7' }),
    );
    assert.equal((await errorOf(told)).retryAfter, 7);
    assert.equal((await errorOf(await providerAt(refusing(429, 'x')))).retryAfter, kit.DEFAULT_RETRY_AFTER);
    assert.equal((await errorOf(await providerAt(refusing(500, 'x')))).retryAfter, undefined);
  });

  it('calls a cancelled call neither timeout nor retryable', async () => {
    const provider = await providerAt(() => {});
    const left = new AbortController();
    const asked = provider.generateChatCompletion({ prompt: 'x' }, { signal: left.signal });
    setImmediate(() => left.abort());
    await assert.rejects(asked, { code: 'unknown', message: /cancelled/ });
  });

  it('throws from the stream what breaks after the first output', async () => {
    const provider = await providerAt((response) => {
      beginSse(response, ['half']);
      response.end(`data: ${JSON.stringify({ error: { message: 'Overloaded', code: 503 } })}\n\n`);
    });
    const stream = await provider.generateChatCompletion({ prompt: 'x', stream: true });
    assert.equal((await stream.next()).content, 'half');
    await assert.rejects(stream.next(), { name: 'ProviderError', code: 'server_error', message: /Overloaded/ });
    assert.equal(provider.getMetrics().errorCount, 1);
  });
});

describe('Error Message Interpretation', () => {
  it('tells what was asked and answered, without secrets and not too long', async () => {
    const secret = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH';
    const answer: Answer = (response) =>
      json(
        response,
        400,
        { error: { message: `bad ${secret}`, detail: 'y '.repeat(4500) } },
        { 'x-request-id': 'req-7', 'set-cookie': 'a=b' },
      );
    const headers = { 'X-Auth-Token': 'canary-header' };
    const provider = await providerAt(answer, { headers });
    const error = await errorOf(provider, { prompt: `my key is Bearer ${secret} ${'é'.repeat(5000)}`, model: 'gpt-x' });
    const { context } = error;
    assert.equal(error.requestId, 'req-7');
    assert.equal(context?.requestId, 'req-7');
    assert.equal(context?.model, 'gpt-x');
    assert.equal(context?.provider, 'openai');
    assert.equal(context?.request?.method, 'POST');
    assert.equal(context?.response?.statusCode, 400);
    assert.ok((context?.duration ?? -1) >= 0);
    for (const body of [context?.request?.body, context?.response?.body]) {
      assert.ok(body !== undefined && body.length > 100);
      assert.ok(Buffer.byteLength(body) <= kit.SNAPSHOT_BYTES_MAX);
      assert.ok(!body.includes(secret), body);
    }
    assert.ok(!JSON.stringify(context).includes('canary'));
    assert.ok(!JSON.stringify(context).includes('a=b'));
  });

  it('sends its own name of the call along', async () => {
    const names: unknown[] = [];
    const provider = await providerAt((response, { headers }) => {
      names.push(headers['x-correlation-id']);
      json(response, 500, { error: { message: 'x' } });
    });
    const error = await errorOf(provider);
    assert.equal(names[0], error.context?.correlationId);
    await assert.rejects(
      provider.generateChatCompletion({ prompt: 'x' }, { correlationId: 'mine-1' }),
      (again: unknown) => {
        assert.ok(again instanceof kit.ProviderError);
        assert.equal(again.context?.correlationId, 'mine-1');
        return true;
      },
    );
    assert.equal(names[1], 'mine-1');
  });

  it('masks what looks like a secret in any text', () => {
    const cases = [
      'Authorization: Bearer abcdefgh12345678',
      'api_key=abcdefgh1234',
      'password: hunter2hunter',
      `AKIA${'ABCDEFGHIJKLMNOP'}`,
    ];
    for (const text of cases) {
      const masked = kit.maskSecrets(text);
      assert.ok(masked.includes('[secret]'), masked);
      assert.ok(!/abcdefgh|hunter2|AKIAAB/.test(masked), masked);
    }
    assert.equal(kit.maskSecrets('a'.repeat(39)), 'a'.repeat(39));
    assert.equal(kit.maskSecrets('a'.repeat(40)), '[secret]');
    assert.equal(kit.cutBytes('ééé', 5), 'éé');
  });

  it('finds errors that came with status 200', () => {
    const phrases = [
      'token quota',
      'rate limit',
      'context length',
      'insufficient_quota',
      'model_not_found',
      'invalid_api_key',
      'quota',
      'capacity',
      'overloaded',
    ];
    for (const phrase of phrases) {
      const found = kit.detectEmbeddedError(`{"message":"The ${phrase.toUpperCase()} was met"}`);
      assert.equal(found?.phrase, phrase);
      assert.match(found?.context ?? '', /was met/);
    }
    assert.equal(kit.detectEmbeddedError('{"message":"fine"}'), undefined);
  });
});
