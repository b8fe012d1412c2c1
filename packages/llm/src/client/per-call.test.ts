import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Secret } from '../credentials/secret.ts';
import type { ProviderRecord } from '../providers/define-provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { startSimulatorServer, type ReceivedRequest, type SimulatorServer } from '../testing/simulator-server.ts';
import type { CallOptions } from './call-options.ts';
import { createClient, type ClientOptions } from './create-client.ts';
import { LlmError } from './llm-error.ts';

const keyOf = ({ headers }: ReceivedRequest): string =>
  String(headers['authorization'] ?? headers['x-api-key'] ?? headers['x-goog-api-key']).replace('Bearer ', '');

async function errorOf(promise: Promise<unknown>): Promise<LlmError> {
  const error = await promise.then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LlmError);
  return error;
}

describe('a call’s own options', () => {
  let server: SimulatorServer;
  const scripts = new Map<string, string>();

  before(async () => {
    server = await startSimulatorServer({ scriptFor: (request) => scripts.get(keyOf(request)) });
  });
  after(() => server.close());

  const at = (record: ProviderRecord): ProviderRecord => ({ ...record, baseUrl: server.url });
  const clientOf = (more: Partial<ClientOptions> = {}) =>
    createClient({
      providers: [at(PROVIDERS.openai), at(PROVIDERS.anthropic), at(PROVIDERS.gemini)],
      credentials: { openai: 'stored', anthropic: 'theirs' },
      random: () => 0,
      ...more,
    });
  const sentSince = (from: number): readonly ReceivedRequest[] => server.requests.slice(from);
  const script = (key: string, name: string): string => {
    scripts.set(key, name);
    return key;
  };

  it('answers in three lines', async () => {
    const answer = await clientOf().generate({ model: 'openai/echo', prompt: 'one two three' });
    assert.equal(answer.text, 'one two three');
    assert.equal(answer.provider, 'openai');
    assert.deepEqual(
      answer.attempts.map(({ number, accountId, outcome, status }) => ({ number, accountId, outcome, status })),
      [{ number: 1, accountId: 'openai-1', outcome: 'answered', status: 200 }],
    );
  });

  it('gives the text of a stream in pieces, and then the whole', async () => {
    const stream = clientOf().stream({ model: 'anthropic/reasoning', prompt: 'one two' });
    const pieces: string[] = [];
    for await (const piece of stream.textStream) pieces.push(piece);
    assert.deepEqual(pieces, ['one', ' two']);
    const whole = await stream.result();
    assert.equal(whole.text, 'one two');
    assert.match(whole.reasoning, /I shall repeat them/);
    assert.deepEqual(whole.message.content, whole.content);
  });

  it('refuses to be read twice', async () => {
    const stream = clientOf().stream({ model: 'openai/echo', prompt: 'one' });
    for await (const _ of stream);
    assert.throws(() => stream.textStream[Symbol.asyncIterator](), /being read already/);
  });

  for (const [name, credential, seen] of [
    ['a key as text', 'mine', 'mine'],
    ['a secret', new Secret('hidden'), 'hidden'],
    ['an access token', { accessToken: 'token' }, 'token'],
    ['an account by its parts', { kind: 'api-key', id: 'own', key: new Secret('whole') }, 'whole'],
  ] as const)
    it(`presents ${name} in the place of stored accounts, for this call alone`, async () => {
      const client = clientOf();
      const from = server.requests.length;
      await client.generate({ model: 'openai/echo', prompt: 'hi' }, { credential });
      await client.generate({ model: 'openai/echo', prompt: 'hi' });
      assert.deepEqual(sentSince(from).map(keyOf), [seen, 'stored']);
    });

  it('reaches a provider without stored accounts', async () => {
    const answer = await clientOf().generate({ model: 'gemini/echo', prompt: 'hi' }, { credential: 'g' });
    assert.equal(answer.text, 'hi');
  });

  it('shows a call’s own key to its own provider only', async () => {
    const from = server.requests.length;
    const options: CallOptions = { credential: script('bad', '500'), attemptsMax: 2 };
    const answer = await clientOf().generate({ model: ['openai/echo', 'anthropic/echo'], prompt: 'hi' }, options);
    assert.equal(answer.provider, 'anthropic');
    assert.deepEqual(sentSince(from).map(keyOf), ['bad', 'theirs']);
  });

  it('sends headers of the caller’s, but not in the place of the account', async () => {
    const from = server.requests.length;
    await clientOf().generate(
      { model: 'openai/echo', prompt: 'hi' },
      { headers: { 'X-Team': 'blue', Authorization: 'Bearer forged' } },
    );
    const headers = sentSince(from)[0]?.headers ?? {};
    assert.equal(headers['x-team'], 'blue');
    assert.equal(headers['authorization'], 'Bearer stored');
  });

  it('bounds one call alone', async () => {
    const client = clientOf();
    const error = await errorOf(client.generate({ model: 'openai/silent', prompt: 'hi' }, { deadlineMs: 30 }));
    assert.equal(error.failure.phase, 'total');
    const headers = await errorOf(
      client.generate({ model: 'openai/silent', prompt: 'hi' }, { timeouts: { headersMs: 30 } }),
    );
    assert.equal(headers.failure.phase, 'headers');
  });

  it('names an option that makes no sense and shows no value', async () => {
    const client = clientOf();
    for (const [options, path] of [
      [{ attemptsMax: 0 }, 'attemptsMax'],
      [{ deadlineMs: -1 }, 'deadlineMs'],
      [{ timeouts: { idleMs: Number.NaN } }, 'timeouts.idleMs'],
      [{ headers: { 'x-a': 'canary\r\nx-b: c' } }, 'headers.x-a'],
      [{ headers: { 'no good': 'canary' } }, 'headers.no good'],
    ] as const) {
      const { failure } = await errorOf(client.generate({ model: 'openai/echo', prompt: 'hi' }, options));
      assert.deepEqual([failure.kind, failure.path], ['invalid-request', path]);
      assert.equal(failure.message.includes('canary'), false);
    }
  });

  describe('fallbacks', () => {
    for (const streamed of [false, true])
      it(`moves to the next provider before any output${streamed ? ' of a stream' : ''}`, async () => {
        for (const status of ['429', '500', '503']) {
          const client = clientOf({ credentials: { openai: script(`o${status}`, status), anthropic: 'theirs' } });
          const ask = { model: 'openai/echo', prompt: 'one two' };
          const options = { fallbacks: ['anthropic/echo'] };
          const answer = await (streamed ? client.stream(ask, options).result() : client.generate(ask, options));
          assert.equal(answer.text, 'one two');
          assert.equal(answer.provider, 'anthropic');
          assert.deepEqual(
            [...new Set(answer.attempts.map(({ providerId, outcome }) => `${providerId} ${outcome}`))],
            ['openai failed', 'anthropic answered'],
          );
        }
      });

    it('gives every model its turn, however many keys fail before it', async () => {
      const bad = ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'].map((key) => script(key, '429'));
      const client = clientOf({ credentials: { openai: bad, anthropic: 'theirs' } });
      const answer = await client.generate({ model: ['openai/echo', 'anthropic/echo'], prompt: 'hi' });
      assert.equal(answer.provider, 'anthropic');
      assert.equal(answer.attempts.length, 4);
    });

    it('never moves once output was seen', async () => {
      const client = clientOf();
      const ask = { model: ['openai/error-after-first-token', 'anthropic/echo'], prompt: 'hi' };
      const from = server.requests.length;
      const error = await errorOf(client.stream(ask).result());
      assert.equal(sentSince(from).length, 1);
      assert.deepEqual(
        error.attempts.map(({ providerId }) => providerId),
        ['openai'],
      );
    });

    it('stops at what only the caller can mend, and at a name that nobody knows', async () => {
      const from = server.requests.length;
      const client = clientOf();
      const typo = await errorOf(client.generate({ model: ['openai/echo', 'nobody/x'], prompt: 'hi' }));
      assert.equal(typo.failure.kind, 'not-found');
      assert.equal(sentSince(from).length, 0);
    });

    it('says every try when all failed', async () => {
      const client = clientOf({
        credentials: { openai: script('o429', '429'), anthropic: script('a429', '429') },
      });
      const error = await errorOf(client.generate({ model: ['openai/echo', 'anthropic/echo'], prompt: 'hi' }));
      assert.equal(error.failure.kind, 'rate-limit');
      assert.deepEqual(
        error.attempts.map(({ providerId, failure }) => `${providerId} ${failure?.kind}`),
        ['openai rate-limit', 'anthropic rate-limit'],
      );
    });

    it('asks first whoever is awake', async () => {
      const client = clientOf({
        credentials: { openai: [script('t1', '429'), script('t2', '429')], anthropic: 'theirs' },
      });
      const ask = { model: ['openai/echo', 'anthropic/echo'], prompt: 'hi' };
      await client.generate(ask);
      const from = server.requests.length;
      await client.generate(ask);
      assert.deepEqual(sentSince(from).map(keyOf), ['theirs']);
    });
  });
});

describe('what a call cost', () => {
  it('is exact, in billionths of a dollar', async () => {
    const server = await startSimulatorServer({ scriptFor: () => 'echo' });
    const client = createClient({
      providers: [{ ...PROVIDERS.openai, baseUrl: server.url }],
      credentials: { openai: 'k' },
    });
    const known = await client.generate({ model: 'openai/gpt-4o', prompt: 'one two three' });
    const unknown = await client.generate({ model: 'openai/of-which-nobody-heard', prompt: 'one two three' });
    await server.close();
    // 4 tokens asked at 2.5 dollars a million, 4 answered at 10.
    assert.deepEqual(known.cost, { nanoUsd: 50_000, usd: 0.000_05, assumed: [] });
    assert.equal(unknown.cost, undefined);
    assert.equal(unknown.usage?.outputTokens, 4);
  });
});

describe('a retry policy', () => {
  const noWaits = { baseMs: 0, jitter: 'none' } as const;

  it('asks all again as often as it says', async () => {
    const server = await startSimulatorServer();
    const providers = [PROVIDERS.openai, PROVIDERS.anthropic].map((record) => ({ ...record, baseUrl: server.url }));
    const credentials = { openai: 'o', anthropic: 'a' };
    const client = createClient({ providers, credentials, retry: { ...noWaits, retriesMax: 2 } });
    const error = await errorOf(client.generate({ model: ['openai/503', 'anthropic/503'], prompt: 'hi' }));
    const once = await errorOf(client.generate({ model: 'openai/503', prompt: 'hi' }, { retry: 'none' }));
    await server.close();
    assert.deepEqual(
      error.attempts.map(({ number, providerId }) => `${number} ${providerId}`),
      ['1 openai', '2 anthropic', '3 openai', '4 anthropic', '5 openai', '6 anthropic'],
    );
    assert.equal(once.attempts.length, 1);
  });

  it('is over when the caller leaves while it waits', async () => {
    const server = await startSimulatorServer();
    const leaving = new AbortController();
    const client = createClient({
      providers: [{ ...PROVIDERS.openai, baseUrl: server.url }],
      credentials: { openai: 'o' },
      retry: { baseMs: 60_000, maxMs: 60_000 },
      observer: { attemptEnded: () => setImmediate(() => leaving.abort()) },
    });
    const error = await errorOf(client.generate({ model: 'openai/503', prompt: 'hi' }, { signal: leaving.signal }));
    await server.close();
    assert.equal(error.failure.kind, 'cancelled');
    assert.equal(error.attempts.length, 1);
  });

  it('that makes no sense is refused at once', async () => {
    assert.throws(() => createClient({ retry: { retriesMax: -1 } }), /retry\.retriesMax is -1/);
    const error = await errorOf(
      createClient().generate({ model: 'simulator/echo', prompt: 'hi' }, { retry: { factor: 0 } }),
    );
    assert.equal(error.failure.path, 'retry.factor');
  });
});
