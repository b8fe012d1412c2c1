import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Json } from '../../src/model/json.ts';
import type { UpstreamCodec } from '../../src/wire/codec.ts';
import { WIRE_FORMATS, type ServedFormatId } from '../../src/wire/registry.ts';

/** What is meant by an answer: its text, its calls, its end and what it used, or the kind of its failure. */
type Meant =
  | string
  | readonly [text: string, calls: readonly (readonly [string, string])[], finish: string, usage?: readonly number[]];

function meantBy(format: ServedFormatId, body: Json): Meant {
  const codec = WIRE_FORMATS[format] as UpstreamCodec<object>;
  const answer = codec.decodeResponse(body, {});
  if (!answer.ok) return answer.failure.kind;
  const { content, finish, usage } = answer.value;
  const calls = content.filter((part) => part.type === 'tool-call');
  // Results find their calls by these names.
  assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
  assert.ok(calls.every(({ id }) => id !== ''));
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const said = [text, calls.map(({ name, argumentsJson }) => [name, argumentsJson] as const), finish.reason] as const;
  return usage === undefined ? said : [...said, [usage.inputTokens, usage.outputTokens, usage.reasoningTokens]];
}

const chat = (message: object, choice: object = {}, more: object = {}): Json =>
  ({ id: 'c1', model: 'm', choices: [{ index: 0, message, finish_reason: 'stop', ...choice }], ...more }) as Json;
const call = (args: unknown, id?: string): object => ({
  ...(id !== undefined && { id }),
  type: 'function',
  function: { name: 'weather', arguments: args },
});
const message = (content: readonly object[], stop_reason = 'end_turn'): Json =>
  ({ id: 'm1', type: 'message', role: 'assistant', model: 'm', content, stop_reason, stop_sequence: null }) as Json;
const use = (input: unknown, id = 't'): object => ({ type: 'tool_use', id, name: 'weather', input });
const gemini = (parts: readonly object[], more: object = {}): object => ({
  candidates: [{ content: { role: 'model', parts }, ...more }],
  responseId: 'r1',
});

const ROME = '{"city":"Rome"}';
const ONE = ['', [['weather', ROME]], 'tool-calls'] as const;
const BOTH = ['', [...ONE[1], ...ONE[1]], 'tool-calls'] as const;

const ANSWERS: readonly (readonly [format: ServedFormatId, quirk: string, body: Json, meant: Meant])[] = [
  ['openai-chat', 'an error', { error: { message: 'x', code: 503 } }, 'overloaded'],
  ['openai-chat', 'an error without the word', { object: 'error', message: 'x', code: 503 }, 'overloaded'],
  ['openai-chat', 'an error in the choice', chat({ content: '' }, { error: { code: 502, message: 'x' } }), 'upstream'],
  ['openai-chat', 'an error as the reason', chat({ content: 'one' }, { finish_reason: 'error' }), 'upstream'],
  ['openai-chat', 'no choice', { id: 'c1', choices: [] }, 'protocol'],
  ['openai-chat', 'a list for content', chat({ content: [{ type: 'text', text: 'one' }] }), ['one', [], 'stop']],
  ['openai-chat', 'no content', chat({ content: null }), ['', [], 'stop']],
  [
    'openai-chat',
    'a reason in capitals',
    chat({ content: 'one' }, { finish_reason: 'MAX_TOKENS' }),
    ['one', [], 'length'],
  ],
  [
    'openai-chat',
    'another candidate first',
    {
      choices: [
        { index: 1, message: { content: 'x' } },
        { index: 0, message: { content: 'one' } },
      ],
    },
    ['one', [], 'stop'],
  ],
  ['openai-chat', 'an object for arguments', chat({ tool_calls: [call({ city: 'Rome' }, 'a')] }), ONE],
  ['openai-chat', 'null for arguments', chat({ tool_calls: [call(null, 'a')] }), ['', [['weather', '']], 'tool-calls']],
  ['openai-chat', 'calls of one id', chat({ tool_calls: [call(ROME, 'a'), call(ROME, 'a')] }), BOTH],
  ['openai-chat', 'calls without ids', chat({ tool_calls: [call(ROME), call(ROME, '')] }), BOTH],
  ['openai-chat', 'a call of the old kind', chat({ function_call: { name: 'weather', arguments: ROME } }), ONE],
  [
    'openai-chat',
    'thought that is counted apart',
    chat(
      { content: 'one' },
      {},
      {
        usage: {
          prompt_tokens: 10,
          completion_tokens: 30,
          total_tokens: 60,
          completion_tokens_details: { reasoning_tokens: 20 },
        },
      },
    ),
    ['one', [], 'stop', [10, 50, 20]],
  ],
  [
    'openai-chat',
    'thought that is counted in',
    chat(
      { content: 'one' },
      {},
      {
        usage: {
          prompt_tokens: 10,
          completion_tokens: 30,
          total_tokens: 40,
          completion_tokens_details: { reasoning_tokens: 20 },
        },
      },
    ),
    ['one', [], 'stop', [10, 30, 20]],
  ],
  [
    'anthropic-messages',
    'an error',
    { type: 'error', error: { type: 'overloaded_error', message: 'x' } },
    'overloaded',
  ],
  [
    'anthropic-messages',
    'an error without a type',
    { error: { type: 'overloaded_error', message: 'x' } },
    'overloaded',
  ],
  ['anthropic-messages', 'a text for input', message([use(ROME)], 'tool_use'), ONE],
  ['anthropic-messages', 'null for input', message([use(null)], 'tool_use'), ['', [['weather', '{}']], 'tool-calls']],
  [
    'anthropic-messages',
    'an empty text for input',
    message([use('')], 'tool_use'),
    ['', [['weather', '{}']], 'tool-calls'],
  ],
  ['anthropic-messages', 'calls of one id', message([use({ city: 'Rome' }), use({ city: 'Rome' })], 'tool_use'), BOTH],
  [
    'anthropic-messages',
    'calls without ids',
    message([use({ city: 'Rome' }, ''), use({ city: 'Rome' }, '')], 'tool_use'),
    BOTH,
  ],
  ['anthropic-messages', 'a reason of OpenAI’s', message([use({ city: 'Rome' })], 'tool_calls'), ONE],
  [
    'gemini',
    'calls of one id',
    gemini(
      [
        { functionCall: { id: 'a', name: 'weather', args: { city: 'Rome' } } },
        { functionCall: { id: 'a', name: 'weather', args: { city: 'Rome' } } },
      ],
      { finishReason: 'STOP' },
    ) as Json,
    BOTH,
  ],
  [
    'gemini',
    'a stream in one list',
    [gemini([{ text: 'one' }]), gemini([{ text: ' two' }], { finishReason: 'STOP' })] as Json,
    ['one two', [], 'stop'],
  ],
  [
    'gemini',
    'a stream in one list that ends with an error',
    [gemini([{ text: 'one' }]), { error: { code: 503, status: 'UNAVAILABLE', message: 'x' } }] as Json,
    'overloaded',
  ],
  [
    'openai-responses',
    'an error',
    { error: { message: 'x', code: 'server_error' }, status: 'failed', output: [] },
    'upstream',
  ],
  [
    'openai-responses',
    'calls of one id',
    {
      id: 'r1',
      status: 'completed',
      output: [
        { type: 'function_call', call_id: 'a', name: 'weather', arguments: ROME },
        { type: 'function_call', call_id: 'a', name: 'weather', arguments: ROME },
      ],
    },
    BOTH,
  ],
];

for (const format of Object.keys(WIRE_FORMATS) as readonly ServedFormatId[])
  describe(`an answer in ${format} with`, () => {
    for (const [each, quirk, body, meant] of ANSWERS)
      if (each === format) it(quirk, () => assert.deepEqual(meantBy(format, body), meant));
  });
