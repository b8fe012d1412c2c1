import assert from 'node:assert/strict';

import { faultyExchange } from '../../src/testing.ts';
import type { BehaviourId } from './behaviours.ts';
import type { Row } from './rows.ts';
import { failureOf, played } from './stage.ts';

const TOOLS = { weather: { inputSchema: { type: 'object', properties: { city: { type: 'string' } } } } };

/** Every behaviour of a provider with chats. */
export const CHAT: Readonly<Record<BehaviourId, (row: Row) => Promise<void>>> = {
  async answers(row) {
    const { generate, stream } = played(row, [{ reasoning: 'Hm, so.', text: 'one two three' }]);
    const whole = await generate({ prompt: 'x' });
    const streamed = await stream({ prompt: 'x' }).result();
    for (const answer of [whole, streamed]) {
      assert.deepEqual(
        [answer.text, answer.finish.reason, answer.provider, answer.model],
        ['one two three', 'stop', row.id, whole.model],
      );
    }
    assert.ok((whole.usage?.outputTokens ?? 0) > 0);
    // The simulator speaks of usage where it is asked to; these tell it by themselves.
    const { dialect } = row.record.speaks[0] ?? {};
    const isAsked = !(dialect !== undefined && 'streamOptions' in dialect && dialect.streamOptions === false);
    if (isAsked) assert.deepEqual(streamed.usage, whole.usage);
  },

  async left(row) {
    const silent = played(row, ['one'], (inner) => faultyExchange(inner, [{ kind: 'silence' }]));
    const leaving = new AbortController();
    setImmediate(() => leaving.abort());
    assert.equal((await failureOf(silent.generate({ prompt: 'x' }, { signal: leaving.signal }))).kind, 'cancelled');
    const midway = new AbortController();
    const stalling = played(row, [{ text: 'one two', ending: 'stall', wordsBeforeEnding: 1 }]);
    const stream = stalling.stream({ prompt: 'x' }, { signal: midway.signal });
    const heard: string[] = [];
    for await (const event of stream) {
      if (event.type === 'part-delta') midway.abort();
      heard.push(event.type);
    }
    assert.equal(heard.at(-1), 'failure');
    assert.equal(heard.filter((each) => each === 'finish' || each === 'failure').length, 1);
  },

  async empty(row) {
    const { exchange, generate } = played(row, ['one']);
    const failure = await failureOf(generate({ messages: [] }));
    assert.equal(failure.kind, 'invalid-request');
    assert.equal(exchange.requests.length, 0);
  },

  async surrogates(row) {
    const { exchange, generate } = played(row, ['one']);
    assert.equal((await generate({ prompt: `before \ud83d after` })).text, 'one');
    const { body } = exchange.requests[0] ?? { body: '' };
    assert.ok(body.isWellFormed());
    assert.doesNotMatch(body, /\\ud83d/i);
    assert.match(body, /before .* after/);
  },

  async orphan(row) {
    const call = { type: 'tool-call', id: 'call_1', name: 'weather', argumentsJson: '{}' } as const;
    const { exchange, generate } = played(row, ['one']);
    const answer = await generate({
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: [call] },
      ],
      prompt: 'And now?',
      tools: TOOLS,
    });
    assert.equal(answer.text, 'one');
    // OpenAI, Anthropic and Google refuse a call without a result, which the simulator in their place does not.
    const { body } = exchange.requests[0] ?? { body: '' };
    const calls = body.match(CALL) ?? [];
    const results = body.match(RESULT) ?? [];
    assert.equal(calls.length > 0, results.length > 0);
  },

  async parallel(row) {
    const calls = ['Rome', 'Oslo'].map((city, at) => ({ id: `call_${at}`, name: 'weather', arguments: { city } }));
    const { exchange, generate, stream } = played(row, [{ toolCalls: calls }, { toolCalls: calls }, 'Sun and rain.']);
    const whole = await generate({ prompt: 'Weather?', tools: TOOLS });
    const streamed = await stream({ prompt: 'Weather?', tools: TOOLS }).result();
    for (const { toolCalls, finish } of [whole, streamed]) {
      assert.deepEqual(
        toolCalls.map((each) => each.arguments),
        [{ city: 'Rome' }, { city: 'Oslo' }],
      );
      assert.equal(finish.reason, 'tool-calls');
    }
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

  async overflow(row) {
    const message = "This model's maximum context length is 10 tokens. However, your messages resulted in 11 tokens.";
    const { generate, stream } = played(row, [{ status: 400, kind: 'context-overflow', message }]);
    assert.equal((await failureOf(generate({ prompt: 'x' }))).kind, 'context-overflow');
    assert.equal((await failureOf(stream({ prompt: 'x' }).result())).kind, 'context-overflow');
  },

  async cut(row) {
    const { stream } = played(row, [{ text: 'one two three', ending: 'cut', wordsBeforeEnding: 2 }]);
    const heard: string[] = [];
    for await (const event of stream({ prompt: 'x' })) heard.push(event.type);
    assert.equal(heard.at(-1), 'failure');
    assert.ok(heard.includes('part-delta'));
    assert.ok(!heard.includes('finish'));
  },

  async broken(row) {
    const { stream } = played(row, [{ text: 'one two three', ending: 'failure', wordsBeforeEnding: 2 }]);
    let text = '';
    let kind: string | undefined;
    for await (const event of stream({ prompt: 'x' })) {
      if (event.type === 'part-delta' && event.delta.type === 'text') text += event.delta.text;
      if (event.type === 'failure') kind = event.failure.kind;
    }
    assert.deepEqual([text.trim(), kind], ['one two', 'overloaded']);
  },

  async slow(row) {
    const { stream } = played(row, ['one'], (inner) => faultyExchange(inner, [{ kind: 'stall', afterBytes: 0 }]));
    const failure = await failureOf(stream({ prompt: 'x' }, { timeouts: { firstTokenMs: 5 } }).result());
    assert.deepEqual([failure.kind, failure.phase], ['timeout', 'first-token']);
  },

  async handover(row) {
    const call = { id: 'call_0', name: 'weather', arguments: { city: 'Rome' } };
    const { exchange, generate, elsewhere, other } = played(row, [
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
    assert.deepEqual([answer.text, answer.provider], ['Rain.', other]);
    const sent = exchange.requests.at(-1)?.body ?? '';
    for (const kept of ['Let me see.', 'Rome', 'rain-there']) assert.ok(sent.includes(kept), kept);
  },

  async takeover(row) {
    const { exchange, generate } = played(row, ['Fine.']);
    const ids = ['functions.weather:0', `fc_${'0'.repeat(50)}`, 'call_0'];
    const made = ids.map((id) => ({ type: 'tool-call', id, name: 'weather', argumentsJson: '{}' }) as const);
    const answer = await generate({
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: [{ type: 'text', text: 'Let me see.' }, ...made] },
        ...ids.map((toolCallId) => ({ role: 'tool' as const, toolCallId, content: 'rain-there' })),
      ],
      tools: TOOLS,
    });
    assert.equal(answer.text, 'Fine.');
    const { body } = exchange.requests[0] ?? { body: '' };
    const named = [...body.matchAll(NAMES)].map(([, id = '']) => id);
    const [{ format, dialect } = { format: 'openai-chat', dialect: {} }] = row.record.speaks;
    const ofMistral = dialect !== undefined && 'callIdLength' in dialect;
    for (const id of named) assert.match(id, ofMistral ? /^[a-zA-Z0-9]{9}$/ : (TAKEN[format] ?? /./));
    // Each call and its result have one name, which no other call has.
    assert.deepEqual(named.slice(-ids.length).toSorted(), [...new Set(named)].toSorted(), `${named.join()} in ${body}`);
  },
};

/** Where names of calls stand. */
const NAMES = /"(?:id|tool_call_id|tool_use_id|toolUseId|call_id)":"([^"]*)"/g;

/** What vendors refuse names for. */
const TAKEN: Readonly<Record<string, RegExp>> = {
  'openai-chat': /^.{1,40}$/,
  'openai-responses': /^.{1,64}$/,
  'anthropic-messages': /^[a-zA-Z0-9_-]+$/,
  'bedrock-converse': /^[\w.:-]{1,64}$/,
};

const CALL = /"(?:tool_calls|tool_use|function_call|functionCall|toolUse)"/g;
const RESULT = /"(?:tool_call_id|tool_result|function_call_output|functionResponse|toolResult)"/g;
