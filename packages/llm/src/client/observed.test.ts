import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { failed, ok } from '../model/failure.ts';
import type { CallEnd, CallObserver } from '../model/observer.ts';
import type { Middleware } from '../plugins/middleware.ts';
import { PROVIDERS } from '../providers/registry.ts';
import type { Limiter } from '../resilience/limiter/limiter.ts';
import { startSimulatorServer, type SimulatorServer } from '../testing/simulator-server.ts';
import { createClient, type ClientOptions } from './create-client.ts';

let server: SimulatorServer;
before(async () => {
  server = await startSimulatorServer({
    scriptFor: ({ headers }) => (headers['authorization'] === 'Bearer bad' ? '429' : undefined),
  });
});
after(() => server.close());

const clientOf = (more: Partial<ClientOptions>) =>
  createClient({
    providers: [{ ...PROVIDERS.openai, baseUrl: server.url }],
    credentials: { openai: ['bad', 'good'] },
    random: () => 0,
    ...more,
  });

/** An observer that writes down what it is told. */
function listener(): { readonly observer: CallObserver; readonly heard: string[]; readonly ends: CallEnd[] } {
  const heard: string[] = [];
  const ends: CallEnd[] = [];
  const observer: CallObserver = {
    callStarted: ({ operation, models, metadata }) =>
      heard.push(`call ${operation} ${models.join()} ${metadata['team'] ?? '-'}`),
    attemptStarted: (_, { number, accountId }) => heard.push(`attempt ${number} ${accountId}`),
    attemptEnded: (_, { number }, { outcome, failure, status }) =>
      heard.push(`ended ${number} ${outcome} ${failure?.kind ?? '-'} ${status}`),
    firstOutput: (_, { number }) => heard.push(`output ${number}`),
    event: (_, { type }) => heard.push(type),
    callEnded: (_, end) => ends.push(end),
  };
  return { observer, heard, ends };
}

describe('an observer', () => {
  it('hears of every attempt and of the end, with all that it came to', async () => {
    const { observer, heard, ends } = listener();
    await clientOf({ observer }).generate({ model: 'openai/echo', prompt: 'one' }, { metadata: { team: 'blue' } });
    assert.deepEqual(heard, [
      'call generate openai/echo blue',
      'attempt 1 openai-1',
      'ended 1 failed rate-limit 429',
      'attempt 2 openai-2',
      'ended 2 answered - 200',
    ]);
    const [end] = ends;
    assert.equal(ends.length, 1);
    assert.deepEqual(
      [end?.outcome, end?.providerId, end?.model, end?.accountId, end?.attempts, end?.retries],
      ['answered', 'openai', 'echo', 'openai-2', 2, 1],
    );
    assert.equal(end?.usage?.outputTokens, 1);
  });

  it('hears the events of a stream in their order', async () => {
    const { observer, heard, ends } = listener();
    await clientOf({ observer, credentials: { openai: 'good' } })
      .stream({ model: 'openai/echo', prompt: 'one' })
      .result();
    assert.deepEqual(heard, [
      'call stream openai/echo -',
      'attempt 1 openai-1',
      'output 1',
      'response-start',
      'part-start',
      'part-delta',
      'part-end',
      'ended 1 answered - 200',
      'finish',
    ]);
    assert.equal(ends[0]?.outcome, 'answered');
    assert.equal(typeof ends[0]?.firstOutputMs, 'number');
  });

  it('hears that a reader has left', async () => {
    const { observer, heard, ends } = listener();
    const client = clientOf({ observer, credentials: { openai: 'good' } });
    for await (const event of client.stream({ model: 'openai/stall', prompt: 'one' }))
      if (event.type === 'part-delta') break;
    assert.equal(heard.at(-1), 'ended 1 abandoned - 200');
    assert.equal(ends[0]?.outcome, 'abandoned');
  });

  it('breaks nothing when it breaks', async () => {
    const observer: CallObserver = {
      callStarted: () => assert.fail('broken'),
      callEnded: () => assert.fail('broken'),
    };
    assert.equal((await clientOf({ observer }).generate({ model: 'openai/echo', prompt: 'one' })).text, 'one');
  });
});

describe('middleware', () => {
  const around = (name: string, seen: string[]): Middleware => ({
    name,
    async generate(call, next) {
      seen.push(`${name} before`);
      const result = await next({ ...call, request: { ...call.request, maxOutputTokens: 7 } });
      seen.push(`${name} after`);
      return result;
    },
    async *stream(call, next) {
      seen.push(`${name} before`);
      yield* next(call);
      seen.push(`${name} after`);
    },
  });

  it('stands around calls, the first outermost, and may change what is asked', async () => {
    const seen: string[] = [];
    const client = clientOf({ plugins: [around('a', seen), { name: 'idle' }, around('b', seen)] });
    await client.generate({ model: 'openai/echo', prompt: 'one' });
    assert.deepEqual(seen, ['a before', 'b before', 'b after', 'a after']);
    assert.match(server.requests.at(-1)?.body ?? '', /"max(_completion)?_tokens":7/);
    seen.length = 0;
    assert.equal((await client.stream({ model: 'openai/echo', prompt: 'one' }).result()).text, 'one');
    assert.deepEqual(seen, ['a before', 'b before', 'b after', 'a after']);
  });

  it('may answer by itself, which costs nothing and asks nobody', async () => {
    const from = server.requests.length;
    const answer = {
      id: 'a1',
      model: 'm',
      createdAtMs: 1,
      content: [{ type: 'text', text: 'kept' } as const],
      finish: { reason: 'stop' as const },
    };
    const client = clientOf({ plugins: [{ name: 'cache', generate: () => Promise.resolve(ok(answer)) }] });
    const { text, provider, attempts, cost } = await client.generate({ model: 'openai/echo', prompt: 'one' });
    assert.deepEqual(
      { text, provider, attempts, cost },
      { text: 'kept', provider: undefined, attempts: [], cost: undefined },
    );
    assert.equal(server.requests.length, from);
  });
});

describe('limits', () => {
  it('are asked before every attempt and told what it used', async () => {
    const told: unknown[] = [];
    const limits: Limiter = {
      acquire: ({ provider, model, tokens }) => {
        told.push([provider, model, tokens > 0]);
        return Promise.resolve(
          ok({ heard: (headers) => told.push(typeof headers), settle: (usage) => told.push(usage?.outputTokens) }),
        );
      },
    };
    await clientOf({ limits }).generate({ model: 'openai/echo', prompt: 'one' });
    assert.deepEqual(told, [['openai', 'echo', true], 'object', 0, ['openai', 'echo', true], 'object', 1]);
  });

  it('that are reached move the call to the next provider', async () => {
    const limits: Limiter = {
      acquire: ({ provider }) =>
        Promise.resolve(
          provider === 'openai'
            ? failed({ kind: 'rate-limit', message: 'Enough for today.' })
            : ok({ heard: () => undefined, settle: () => undefined }),
        ),
    };
    const client = createClient({ credentials: { openai: 'k' }, limits });
    const answer = await client.generate({ model: ['openai/gpt-4o', 'simulator/echo'], prompt: 'one' });
    assert.equal(answer.provider, 'simulator');
    assert.equal(answer.attempts.length, 1);
  });
});
