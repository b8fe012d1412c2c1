import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createClient, LlmError, PROVIDERS, type Ask, type Exchange, type ProviderRecord } from '../src/index.ts';
import { speechFor } from '../src/providers/speech-for.ts';
import { faultyExchange, scriptedExchange, type ScriptedAnswer, type ScriptedExchange } from '../src/testing.ts';

/** Formats that the simulator does not speak, and providers that wrap one of its formats in an envelope of their own. */
const SERVED: ReadonlySet<string> = new Set(PROVIDERS.simulator.speaks.map(({ format }) => format));
const ENVELOPED: ReadonlySet<string> = new Set(['antigravity']);

const records: readonly ProviderRecord[] = Object.values(PROVIDERS);
const isPlayable = (record: ProviderRecord): boolean =>
  SERVED.has(speechFor(record, 'some-model')?.format ?? '') && !ENVELOPED.has(record.id);
const playable = records.filter(isPlayable);

/** Speaks another format than the record, so that a conversation has to be written anew. */
const otherThan = (record: ProviderRecord): ProviderRecord =>
  speechFor(record, 'some-model')?.format === 'anthropic-messages' ? PROVIDERS.openai : PROVIDERS.anthropic;

/** For records whose address is the operator's; nothing is sent anywhere. */
const NOWHERE = 'http://127.0.0.1:9/v1';
const TOKEN = { accessToken: 'token' };
const ONE_TRY = { attemptsMax: 1, retry: 'none' } as const;
const TOOLS = { weather: { inputSchema: { type: 'object', properties: { city: { type: 'string' } } } } };

function clientOf(record: ProviderRecord, exchange: Exchange) {
  const variables = Object.fromEntries(Object.values(record.variables ?? {}).map(({ env }) => [env, 'one']));
  const providers = [record, otherThan(record)].map((each) => ({ ...each, baseUrl: each.baseUrl || NOWHERE }));
  return createClient({ providers, exchange, variables, random: () => 0 });
}

/** A provider that answers by a script, and how it is asked. */
function played(
  record: ProviderRecord,
  answers: readonly ScriptedAnswer[],
  around = (inner: ScriptedExchange): Exchange => inner,
) {
  const exchange = scriptedExchange(answers);
  const client = clientOf(record, around(exchange));
  const options = { ...ONE_TRY, credentials: { [record.id]: TOKEN, [otherThan(record).id]: TOKEN } };
  const model = `${record.id}/some-model`;
  return {
    exchange,
    generate: (ask: Omit<Ask, 'model'>, more: object = {}) =>
      client.generate({ model, ...ask }, { ...options, ...more }),
    stream: (ask: Omit<Ask, 'model'>, more: object = {}) => client.stream({ model, ...ask }, { ...options, ...more }),
    elsewhere: (ask: Omit<Ask, 'model'>) =>
      client.generate({ model: `${otherThan(record).id}/some-model`, ...ask }, options),
  };
}

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LlmError, `It ended with ${String(error)}.`);
  return error.failure;
}

type Behaviour = (record: ProviderRecord) => Promise<void>;

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  'is left before and in the middle of an answer': async (record) => {
    const silent = played(record, ['one'], (inner) => faultyExchange(inner, [{ kind: 'silence' }]));
    const leaving = new AbortController();
    setImmediate(() => leaving.abort());
    assert.equal((await failureOf(silent.generate({ prompt: 'x' }, { signal: leaving.signal }))).kind, 'cancelled');
    const midway = new AbortController();
    const stalling = played(record, [{ text: 'one two', ending: 'stall', wordsBeforeEnding: 1 }]);
    const stream = stalling.stream({ prompt: 'x' }, { signal: midway.signal });
    const heard: string[] = [];
    for await (const event of stream) {
      if (event.type === 'part-delta') midway.abort();
      heard.push(event.type);
    }
    assert.equal(heard.at(-1), 'failure');
    assert.equal(heard.filter((each) => each === 'finish' || each === 'failure').length, 1);
  },

  'is asked nothing, and nothing is sent': async (record) => {
    const { exchange, generate } = played(record, ['one']);
    const failure = await failureOf(generate({ messages: [] }));
    assert.equal(failure.kind, 'invalid-request');
    assert.equal(exchange.requests.length, 0);
  },

  'is sent half a character, which breaks nothing': async (record) => {
    const { exchange, generate } = played(record, ['one']);
    assert.equal((await generate({ prompt: `before \ud83d after` })).text, 'one');
    const { body } = exchange.requests[0] ?? { body: '' };
    assert.ok(body.isWellFormed());
    assert.match(body, /before .* after/);
  },

  'is shown a call that nobody answered': async (record) => {
    const call = { type: 'tool-call', id: 'call_1', name: 'weather', argumentsJson: '{}' } as const;
    const { exchange, generate } = played(record, ['one']);
    const answer = await generate({
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: [call] },
      ],
      prompt: 'And now?',
      tools: TOOLS,
    });
    assert.equal(answer.text, 'one');
    // The simulator takes what its strict decoders take; a call without a result is what vendors refuse.
    const { body } = exchange.requests[0] ?? { body: '' };
    const calls = body.match(/"(?:tool_calls|tool_use|function_call|functionCall)"/g) ?? [];
    const results = body.match(/"(?:tool_call_id|tool_result|function_call_output|functionResponse)"/g) ?? [];
    assert.equal(calls.length > 0, results.length > 0);
  },

  'calls two tools at once and gets both results': async (record) => {
    const calls = ['Rome', 'Oslo'].map((city, at) => ({ id: `call_${at}`, name: 'weather', arguments: { city } }));
    const { exchange, generate, stream } = played(record, [
      { toolCalls: calls },
      { toolCalls: calls },
      'Sun and rain.',
    ]);
    const whole = await generate({ prompt: 'Weather?', tools: TOOLS });
    const streamed = await stream({ prompt: 'Weather?', tools: TOOLS }).result();
    for (const { toolCalls } of [whole, streamed])
      assert.deepEqual(
        toolCalls.map((each) => each.arguments),
        [{ city: 'Rome' }, { city: 'Oslo' }],
      );
    const results = streamed.toolCalls.map(({ id }, at) => ({
      role: 'tool' as const,
      toolCallId: id,
      content: ['sun-there', 'rain-there'][at] ?? '',
    }));
    const messages = [{ role: 'user' as const, content: 'Weather?' }, streamed.message, ...results];
    assert.equal((await generate({ messages, tools: TOOLS })).text, 'Sun and rain.');
    const sent = exchange.requests.at(-1)?.body ?? '';
    assert.ok(sent.includes('sun-there') && sent.includes('rain-there'));
  },

  'says that a conversation is too long': async (record) => {
    const message = "This model's maximum context length is 10 tokens. However, your messages resulted in 11 tokens.";
    const { generate } = played(record, [{ status: 400, kind: 'context-overflow', message }]);
    const failure = await failureOf(generate({ prompt: 'x' }));
    assert.equal(failure.kind, 'context-overflow');
  },

  'breaks off in a frame, which is no end': async (record) => {
    const { stream } = played(record, [{ text: 'one two three', ending: 'cut', wordsBeforeEnding: 2 }]);
    const heard: string[] = [];
    for await (const event of stream({ prompt: 'x' })) heard.push(event.type);
    assert.equal(heard.at(-1), 'failure');
    assert.ok(!heard.includes('finish'));
  },

  'is slow with its first byte': async (record) => {
    const { stream } = played(record, ['one'], (inner) => faultyExchange(inner, [{ kind: 'stall', afterBytes: 0 }]));
    const failure = await failureOf(stream({ prompt: 'x' }, { timeouts: { firstTokenMs: 5 } }).result());
    assert.deepEqual([failure.kind, failure.phase], ['timeout', 'first-token']);
  },

  'hands its conversation over to another provider': async (record) => {
    const call = { id: 'call_0', name: 'weather', arguments: { city: 'Rome' } };
    const { exchange, generate, elsewhere } = played(record, [
      { reasoning: 'Hm.', text: 'Let me see.', toolCalls: [call] },
      'Rain.',
    ]);
    const first = await generate({ prompt: 'Weather?', tools: TOOLS });
    const [asked] = first.toolCalls;
    const answer = await elsewhere({
      messages: [
        { role: 'user', content: 'Weather?' },
        first.message,
        { role: 'tool', toolCallId: asked?.id ?? '', content: 'rain-there' },
      ],
      tools: TOOLS,
    });
    assert.deepEqual([answer.text, answer.provider], ['Rain.', otherThan(record).id]);
    const sent = exchange.requests.at(-1)?.body ?? '';
    for (const kept of ['Let me see.', 'Rome', 'rain-there']) assert.ok(sent.includes(kept), kept);
  },
};

describe('every provider record', () => {
  it('is played by the simulator, but for those that are named here', () => {
    const others = records.filter((record) => !isPlayable(record)).map(({ id }) => id);
    assert.deepEqual(others.sort(), ['antigravity', 'bedrock', 'voyage']);
  });
});

for (const [behaviour, holds] of Object.entries(BEHAVIOURS))
  describe(`a provider that ${behaviour}`, () => {
    for (const record of playable) it(record.id, () => holds(record));
  });
