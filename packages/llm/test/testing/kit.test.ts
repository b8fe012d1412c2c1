import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';

import OpenAI from 'openai';

import { createClient, fetchExchange, LlmError, PROVIDERS, type Exchange } from '../../src/index.ts';
import { newFallbackProvider } from '../../src/kit.ts';
import {
  faultyExchange,
  newMockProvider,
  recordedExchange,
  scriptedExchange,
  serveExchange,
  setMockResponse,
  startSimulatorServer,
  steppedClock,
  type Fault,
} from '../../src/testing.ts';
import { drain } from '../document/fake-provider.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const clientOn = (exchange: Exchange, more: object = {}) =>
  createClient({ exchange, credentials: { openai: 'sk-test-key-12345678', anthropic: 'k', gemini: 'k' }, ...more });
const ask = { model: 'openai/gpt-4o', prompt: 'one two three' };

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LlmError, String(error));
  return error.failure;
}

describe('a mock provider', () => {
  it('says what is set, as the documentation has it', async () => {
    const mock = newMockProvider('test-provider');
    setMockResponse(mock, { content: 'Mock response', done: true });
    const stream = await mock.generateChatCompletion({ prompt: 'Test prompt' });
    const chunk = await stream.next();
    assert.deepEqual([chunk.content, chunk.done], ['Mock response', true]);
    assert.deepEqual(mock.calls, [{ prompt: 'Test prompt' }]);
  });

  it('says several in turn, throws, and answers what is asked', async () => {
    const mock = newMockProvider('mock');
    setMockResponse(mock, 'one two', new Error('No.'), ({ prompt }) => `heard ${prompt}`);
    const words = await drain(await mock.generateChatCompletion({ prompt: 'x', stream: true }));
    assert.deepEqual(
      words.map(({ content }) => content),
      ['one ', 'two', ''],
    );
    await assert.rejects(mock.generateChatCompletion({ prompt: 'x' }), /No\./);
    for (const prompt of ['a', 'b']) {
      const [said] = await drain(await mock.generateChatCompletion({ prompt }));
      assert.equal(said?.content, `heard ${prompt}`);
    }
    const { requestCount, successCount, errorCount } = mock.getMetrics();
    assert.deepEqual([requestCount, successCount, errorCount], [4, 3, 1]);
  });

  it('stands in for a provider wherever one is taken', async () => {
    const [broken, well] = [newMockProvider('broken'), newMockProvider('well')];
    setMockResponse(broken, new Error('Down.'));
    const [chunk] = await drain(await newFallbackProvider([broken, well]).generateChatCompletion({ prompt: 'x' }));
    assert.equal(chunk?.content, 'Mock response');
  });

  it('waits before its chunks, by the clock of the test, and stops when it is left', async () => {
    const clock = steppedClock();
    const mock = newMockProvider('slow', { clock, chunkDelayMs: 1000 });
    setMockResponse(mock, 'one two');
    const stream = await mock.generateChatCompletion({ prompt: 'x', stream: true });
    const first = stream.next();
    await clock.step(1000);
    assert.equal((await first).content, 'one ');
    await stream.close();
    await assert.rejects(stream.next(), { code: 'EOF' });
  });
});

describe('a stepped clock', () => {
  it('does what is to be repeated, until it is stopped', async () => {
    const clock = steppedClock();
    let times = 0;
    const stop = clock.every(100, () => (times += 1));
    await clock.step(350);
    assert.equal(times, 3);
    stop();
    await clock.step(350);
    assert.equal(times, 3);
  });
});

describe('a script', () => {
  for (const model of ['openai/gpt-4o', 'anthropic/claude', 'gemini/gemini'])
    it(`is spoken in the format of ${model}, whole and streamed`, async () => {
      const call = { name: 'weather', arguments: { city: 'Rome' } };
      const exchange = scriptedExchange([{ text: 'Let me see.', toolCalls: [call] }, 'It rains.']);
      const client = clientOn(exchange);
      const first = await client.stream({ ...ask, model }).result();
      assert.deepEqual(
        [first.text, first.toolCalls[0]?.name, first.finish.reason],
        ['Let me see.', 'weather', 'tool-calls'],
      );
      assert.deepEqual(first.toolCalls[0]?.arguments, { city: 'Rome' });
      for (let again = 0; again < 2; again += 1)
        assert.equal((await client.generate({ ...ask, model })).text, 'It rains.');
      assert.equal(exchange.requests.length, 3);
      assert.match(exchange.requests[0]?.body ?? '', /one two three/);
    });

  it('refuses and breaks as it says', async () => {
    const refused = await failureOf(
      clientOn(scriptedExchange([{ status: 429, retryAfterS: 7 }])).generate(ask, {
        attemptsMax: 1,
        retry: { retriesMax: 0 },
      }),
    );
    assert.deepEqual([refused.kind, refused.retryAfterMs], ['rate-limit', 7000]);
    const cut = clientOn(scriptedExchange([{ text: 'one two three', ending: 'cut', wordsBeforeEnding: 2 }]));
    const broken = await failureOf(cut.stream(ask).result());
    assert.match(broken.kind, /protocol|network/);
  });
});

describe('recorded exchanges', () => {
  it('ask once, keep no credential, and answer ever after without anybody', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'recorded-'));
    const file = path.join(folder, 'deeper', 'chat.json');
    const server = await startSimulatorServer();
    const records = { ...PROVIDERS.openai, baseUrl: server.url };
    const model = { ...ask, model: 'openai/echo' };
    const recording = recordedExchange({ file, inner: fetchExchange() });
    const recorded = clientOn(recording, { providers: [records] });
    const live = await recorded.stream(model).result();
    await recorded.generate({ ...model, prompt: 'My key is sk-abcdefghijklmnop.' });
    await recording.saved();
    assert.equal(recording.mode(), 'record');
    await server.close();

    const text = await readFile(file, 'utf8');
    assert.doesNotMatch(text, /sk-test-key|sk-abcdefghijklmnop/);
    const replaying = recordedExchange({ file, mode: 'replay' });
    const client = clientOn(replaying, { providers: [records] });
    assert.equal((await replaying.unused()).length, 2);
    const replayed = await client.stream(model).result();
    assert.deepEqual([replayed.text, replayed.usage], [live.text, live.usage]);
    const again = await client.generate({ ...model, prompt: 'My key is sk-abcdefghijklmnop.' });
    assert.equal(again.text, 'My key is [secret].');
    assert.deepEqual(await replaying.unused(), []);

    const strange = await failureOf(
      client.generate({ ...model, prompt: 'Something else' }, { retry: { retriesMax: 0 } }),
    );
    assert.match(strange.message, /holds no answer to POST .*Record it again/);
    await rm(folder, { recursive: true });
  });

  it('say what to do where there is no file', async () => {
    const exchange = recordedExchange({ file: '/nowhere/at/all.json', mode: 'replay' });
    const request = { method: 'GET', url: 'http://127.0.0.1:9/', headers: {} };
    await assert.rejects(exchange.send(request, new AbortController().signal), /does not exist\. Record it/);
  });
});

describe('faults', () => {
  const simulated = async (): Promise<{ url: string }> => {
    const server = await startSimulatorServer();
    open.push(server);
    return { url: server.url };
  };
  const once = { attemptsMax: 1, retry: { retriesMax: 0 } } as const;

  const cases: readonly (readonly [string, Fault, RegExp])[] = [
    ['nobody listens', { kind: 'refuse' }, /network/],
    ['a connection breaks', { kind: 'reset' }, /network/],
    ['too many requests', { kind: 'status', status: 429, retryAfterS: 3 }, /rate-limit/],
    ['an overload', { kind: 'status', status: 503 }, /overloaded/],
    [
      'a page of a proxy',
      { kind: 'status', status: 502, body: '<html>', headers: { 'content-type': 'text/html' } },
      /upstream|overloaded/,
    ],
    ['an answer that is cut in a frame', { kind: 'cut', afterBytes: 100 }, /network|protocol/],
    ['an answer that is cut after its headers', { kind: 'cut', afterBytes: 0 }, /network|protocol/],
  ];
  for (const where of ['an exchange', 'a server'])
    for (const [what, fault, kind] of cases)
      it(`show ${what} on ${where}, once, and the next call is well`, async () => {
        const { url } = await simulated();
        const direct = faultyExchange(fetchExchange(), [fault]);
        let record = { ...PROVIDERS.openai, baseUrl: url };
        let exchange: Exchange = direct;
        if (where === 'a server') {
          const toSimulator: Exchange = {
            send: (request, signal) =>
              direct.send({ ...request, url: `${url}${new URL(request.url).pathname.replace('/v1', '')}` }, signal),
          };
          const served = await serveExchange(toSimulator);
          open.push(served);
          record = { ...record, baseUrl: `${served.url}/v1` };
          exchange = fetchExchange();
        }
        const client = clientOn(exchange, { providers: [record] });
        const model = { ...ask, model: 'openai/echo' };
        const failure = await failureOf(client.stream(model, once).result());
        assert.match(failure.kind, kind);
        if (fault.kind === 'status' && fault.retryAfterS) assert.equal(failure.retryAfterMs, fault.retryAfterS * 1000);
        assert.equal((await client.stream(model, once).result()).text, 'one two three');
      });

  it('keep whoever asks waiting, by the clock of the test', async () => {
    const clock = steppedClock();
    const exchange = faultyExchange(scriptedExchange(['late']), [{ kind: 'delay', ms: 5000 }], { clock });
    const answer = clientOn(exchange).generate(ask);
    await clock.step(4999);
    assert.equal(clock.sleepers(), 1);
    await clock.step(1);
    assert.equal((await answer).text, 'late');
  });

  it('let answers trickle, and come to nothing until somebody leaves', async () => {
    const trickle = faultyExchange(scriptedExchange(['one two three']), [{ kind: 'trickle', bytes: 3, paceMs: 0 }]);
    assert.equal((await clientOn(trickle).stream(ask).result()).text, 'one two three');
    for (const fault of [{ kind: 'silence' }, { kind: 'stall', afterBytes: 10 }] as const) {
      const leaving = new AbortController();
      const work = clientOn(faultyExchange(scriptedExchange(['x']), [fault])).stream(ask, { signal: leaving.signal });
      setImmediate(() => leaving.abort());
      assert.equal((await failureOf(work.result())).kind, 'cancelled');
    }
  });

  it('happen to official SDKs on a real port, which try again', async () => {
    const exchange = faultyExchange(scriptedExchange(['Hello.']), [{ kind: 'status', status: 503 }, { kind: 'reset' }]);
    const served = await serveExchange(exchange);
    open.push(served);
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${served.url}/v1`, maxRetries: 2 });
    const messages = [{ role: 'user' as const, content: 'x' }];
    const answer = await openai.chat.completions.create({ model: 'gpt-4o', messages });
    assert.equal(answer.choices[0]?.message.content, 'Hello.');
    assert.equal(served.requests.length, 3);
  });
});
