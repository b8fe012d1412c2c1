import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { StreamEvent } from '../model/event.ts';
import type { GenerationRequest } from '../model/request.ts';
import { defineProvider, type ProviderRecord } from '../providers/define-provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { startSimulatorServer, type ReceivedRequest, type SimulatorServer } from '../testing/simulator-server.ts';
import { createClient, type ClientOptions } from './create-client.ts';
import { LlmError } from './llm-error.ts';

const ask = (model: string): GenerationRequest => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'one two three' }] }],
  stream: false,
  streamUsage: false,
});

async function eventsOf(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const spoken = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === 'part-delta' && event.delta.type === 'text' ? event.delta.text : '')).join('');

async function failureOf(promise: Promise<unknown>): Promise<LlmError['failure']> {
  const error = await promise.then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LlmError);
  return error.failure;
}

const keyOf = (request: ReceivedRequest): string =>
  String(request.headers.authorization ?? request.headers['x-api-key']);

describe('client over HTTP', () => {
  let server: SimulatorServer;
  const refused = new Map<string, string>();

  before(async () => {
    server = await startSimulatorServer({ scriptFor: (request) => refused.get(keyOf(request)) });
  });
  after(() => server.close());

  const at = (record: ProviderRecord): ProviderRecord => ({ ...record, baseUrl: server.url });
  const clientOf = (keys: readonly string[], more: Partial<ClientOptions> = {}) =>
    createClient({
      providers: [at(PROVIDERS.openai), at(PROVIDERS.anthropic)],
      credentials: { openai: keys, anthropic: keys },
      random: () => 0,
      ...more,
    });

  for (const provider of ['openai', 'anthropic'] as const) {
    it(`brings a whole answer from ${provider}`, async () => {
      const answer = await clientOf(['k1']).generate(ask(`${provider}/echo`));
      assert.deepEqual(
        answer.content.map((part) => part.type === 'text' && part.text),
        ['one two three'],
      );
      assert.equal(answer.usage?.outputTokens, 4);
      assert.deepEqual(answer.losses, []);
    });

    it(`streams an answer from ${provider} with usage`, async () => {
      const events = await eventsOf(clientOf(['k1']).stream(ask(`${provider}/echo`)));
      const last = events.at(-1);
      assert.equal(spoken(events), 'one two three');
      assert.equal(events[0]?.type, 'response-start');
      assert.equal(last?.type === 'finish' && last.usage?.outputTokens, 4);
    });

    it(`moves to the next key of ${provider} when one is refused before output`, async () => {
      for (const script of ['429', '500']) {
        const [bad, good] = [`bad-${provider}-${script}`, `good-${provider}-${script}`];
        refused.set(provider === 'openai' ? `Bearer ${bad}` : bad, script);
        const from = server.requests.length;
        const events = await eventsOf(clientOf([bad, good]).stream(ask(`${provider}/echo`)));
        assert.equal(spoken(events), 'one two three');
        assert.deepEqual(
          server.requests.slice(from).map((request) => keyOf(request).replace('Bearer ', '')),
          [bad, good],
        );
      }
    });
  }

  it('signs with the scheme and the headers of the provider', async () => {
    await clientOf(['k2']).generate(ask('anthropic/echo'));
    const headers = server.requests.at(-1)?.headers ?? {};
    assert.equal(headers['x-api-key'], 'k2');
    assert.equal(headers['anthropic-version'], '2023-06-01');
    assert.equal(headers.authorization, undefined);
  });

  it('gives a refused key a rest', async () => {
    refused.set('Bearer tired', '429');
    const client = clientOf(['tired', 'fresh']);
    await client.generate(ask('openai/echo'));
    const from = server.requests.length;
    await client.generate(ask('openai/echo'));
    assert.deepEqual(server.requests.slice(from).map(keyOf), ['Bearer fresh']);
  });

  it('throws the refusal when every key is refused', async () => {
    const failure = await failureOf(clientOf(['k1', 'k2']).generate(ask('openai/429')));
    assert.equal(failure.kind, 'rate-limit');
    assert.equal(failure.retryAfterMs, 1000);
  });

  it('tries an upstream error once more with the same key', async () => {
    const from = server.requests.length;
    const failure = await failureOf(clientOf(['k1']).generate(ask('openai/500')));
    assert.equal(failure.kind, 'upstream');
    assert.equal(server.requests.length - from, 2);
  });

  it('never tries again once output was seen', async () => {
    const from = server.requests.length;
    const events = await eventsOf(clientOf(['k1', 'k2']).stream(ask('openai/error-after-first-token')));
    assert.equal(spoken(events), 'The');
    assert.equal(events.at(-1)?.type, 'failure');
    assert.equal(server.requests.length - from, 1);
  });

  it('ends a cut stream with a failure and no finish', async () => {
    const events = await eventsOf(clientOf(['k1']).stream(ask('anthropic/cut')));
    assert.equal(events.at(-1)?.type, 'failure');
    assert.equal(
      events.some((event) => event.type === 'finish'),
      false,
    );
  });

  it('ends a stalled stream with an idle timeout', async () => {
    const client = clientOf(['k1'], { timeouts: { idleMs: 30 } });
    const last = (await eventsOf(client.stream(ask('openai/stall')))).at(-1);
    assert.ok(last?.type === 'failure');
    assert.equal(last.failure.kind, 'timeout');
    assert.equal(last.failure.phase, 'idle');
  });

  it('gives up on a provider that never answers', async () => {
    const client = clientOf(['k1'], { timeouts: { headersMs: 30 } });
    const failure = await failureOf(client.generate(ask('openai/silent')));
    assert.equal(failure.kind, 'timeout');
    assert.equal(failure.phase, 'headers');
  });

  it('bounds all attempts together', async () => {
    const client = clientOf(['k1', 'k2'], { timeouts: { totalMs: 30 } });
    const failure = await failureOf(client.generate(ask('openai/silent')));
    assert.equal(failure.phase, 'total');
  });

  it('cancels when the caller leaves', async () => {
    const caller = new AbortController();
    const answer = clientOf(['k1']).generate(ask('openai/silent'), { signal: caller.signal });
    caller.abort();
    assert.equal((await failureOf(answer)).kind, 'cancelled');
  });

  it('lets a reader leave in the middle of a stream', async () => {
    const client = clientOf(['k1']);
    const stream = client.stream(ask('openai/stall'));
    for await (const event of stream) if (event.type === 'part-delta') break;
    assert.equal((await failureOf(stream.result())).kind, 'cancelled');
    assert.equal((await client.generate(ask('openai/echo'))).finish.reason, 'stop');
  });

  it('gives the whole answer of a stream that nobody reads', async () => {
    const answer = await clientOf(['k1']).stream(ask('anthropic/reasoning')).result();
    assert.deepEqual(
      answer.content.map((part) => part.type),
      ['reasoning', 'text'],
    );
  });

  it('lists the models of a provider by their addresses', async () => {
    const models = await clientOf(['k1']).listModels('openai');
    assert.ok(models.some((model) => model.address === 'openai/echo'));
  });

  it('reports a connection that nobody accepts', async () => {
    const gone = await startSimulatorServer();
    await gone.close();
    const closed = defineProvider({ ...PROVIDERS.openai, baseUrl: gone.url });
    const client = createClient({ providers: [closed], credentials: { openai: 'k' }, attemptsMax: 1 });
    assert.equal((await failureOf(client.generate(ask('openai/echo')))).kind, 'network');
  });
});

describe('client', () => {
  it('answers from the simulator with no configuration at all', async () => {
    const answer = await createClient().generate(ask('simulator/echo'));
    assert.deepEqual(
      answer.content.map((part) => part.type === 'text' && part.text),
      ['one two three'],
    );
  });

  it('says which variable holds the missing key', async () => {
    const failure = await failureOf(createClient().generate(ask('groq/llama')));
    assert.equal(failure.kind, 'authentication');
    assert.match(failure.message, /GROQ_API_KEY/);
  });

  it('asks for the address of a custom server', async () => {
    const failure = await failureOf(createClient().generate(ask('openai-compatible/any')));
    assert.equal(failure.kind, 'invalid-request');
    assert.match(failure.message, /OPENAI_COMPATIBLE_BASE_URL/);
  });

  it('ends a stream to nowhere with a failure instead of throwing', async () => {
    const events = await eventsOf(createClient().stream(ask('nobody/nothing')));
    assert.deepEqual(
      events.map((event) => event.type),
      ['failure'],
    );
  });

  it('refuses a key that no header can carry without showing it', async () => {
    const client = createClient({ credentials: { openai: 'sk-\u0007bell' } });
    const failure = await failureOf(client.generate(ask('openai/gpt')));
    assert.equal(failure.kind, 'authentication');
    assert.equal(failure.message.includes('bell'), false);
  });
});
