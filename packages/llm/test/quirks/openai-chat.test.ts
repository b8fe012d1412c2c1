import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { hear, heard, type Heard } from './hear.ts';

const chunk = (choice: object, more: object = {}): string =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, finish_reason: null, ...choice }],
    ...more,
  });
const say = (content: string): string => chunk({ delta: { content } });
const call = (piece: object, delta: object = {}): string => chunk({ delta: { tool_calls: [piece], ...delta } });
const fn = (name: string | undefined, args: unknown, more: object = {}): object => ({
  type: 'function',
  function: { ...(name !== undefined && { name }), arguments: args },
  ...more,
});
const stop = (finish_reason = 'stop', more: object = {}): string => chunk({ delta: {}, finish_reason }, more);
const DONE = '[DONE]';
const sse = (...data: readonly string[]): string => data.map((each) => `data: ${each}\n\n`).join('');

const ROME = '{"city":"Rome"}';
const OSLO = '{"city":"Oslo"}';
const BOTH = heard({
  calls: [
    ['weather', ROME],
    ['weather', OSLO],
  ],
  finish: 'tool-calls',
});
const ONE = heard({ calls: [['weather', ROME]], finish: 'tool-calls' });
const SAID = heard({ text: 'one two', finish: 'stop' });

/** What servers of this format really send, and what is meant. */
const STREAMS: readonly (readonly [quirk: string, stream: string, meant: Omit<Heard, 'ids'>])[] = [
  ['signs of life as empty data', sse('', say('one'), '', say(' two'), stop(), '', DONE), SAID],
  ['signs of life as a comment in data', sse(say('one'), ': keepalive', say(' two'), stop(), DONE), SAID],
  ['signs of life as comments', `: PROCESSING\n\n${sse(say('one'))}:\n\n${sse(say(' two'), stop(), DONE)}`, SAID],
  ['a sign of life within an event', `data: ${say('one')}\n: ping\n\n${sse(say(' two'), stop(), DONE)}`, SAID],
  ['no space behind the colon', sse(say('one'), say(' two'), stop(), DONE).replaceAll('data: ', 'data:'), SAID],
  ['line ends of Windows', sse(say('one'), say(' two'), stop(), DONE).replaceAll('\n', '\r\n'), SAID],
  ['line ends of old', sse(say('one'), say(' two'), stop(), DONE).replaceAll('\n', '\r'), SAID],
  ['a byte order mark', `\ufeff${sse(say('one'), say(' two'), stop(), DONE)}`, SAID],
  ['no blank line at the end', sse(say('one'), say(' two'), stop(), DONE).trimEnd(), SAID],
  [
    'an event over several lines of data',
    `data: ${say('one two').replace('{', '{\ndata: ')}\n\n${sse(stop(), DONE)}`,
    SAID,
  ],
  [
    'several events without blank lines',
    `data: ${say('one')}\ndata: ${say(' two')}\ndata: ${stop()}\n\n${sse(DONE)}`,
    SAID,
  ],
  ['the last words without blank lines', `${sse(say('one two'))}data: ${stop()}\ndata: ${DONE}\n\n`, SAID],
  ['white space around the last word', sse(say('one two'), stop(), ' [DONE] '), SAID],
  ['the last word alone, and no reason', sse(say('one two'), DONE), SAID],
  ['a reason and no last word', sse(say('one two'), stop()), SAID],
  ['the same reason twice', sse(say('one two'), stop(), stop(), DONE), SAID],
  ['what comes behind the last word', sse(say('one two'), stop(), DONE, say(' three')), SAID],
  ['names and numbers of events', `event: message\nid: 7\nretry: 5\n${sse(say('one two'))}${sse(stop(), DONE)}`, SAID],
  [
    'usage behind the end',
    sse(say('one two'), stop(), chunk({}, { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }), DONE),
    { ...SAID, usage: [3, 2] },
  ],
  [
    'usage in every event, and none in the last',
    sse(
      chunk({ delta: { content: 'one two' } }, { usage: { prompt_tokens: 3, completion_tokens: 1 } }),
      stop('stop', { usage: { prompt_tokens: 3, completion_tokens: 2 } }),
      chunk({}, { choices: [], usage: null }),
      DONE,
    ),
    { ...SAID, usage: [3, 2] },
  ],
  [
    'usage at Groq’s place',
    sse(say('one two'), stop('stop', { x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } } }), DONE),
    { ...SAID, usage: [3, 2] },
  ],
  [
    'an empty reason in every event',
    sse(
      chunk({ delta: { content: 'one' }, finish_reason: '' }),
      chunk({ delta: { content: ' two' }, finish_reason: '' }),
      stop(),
      DONE,
    ),
    SAID,
  ],
  [
    'an empty reason, and then nothing',
    sse(chunk({ delta: { content: 'one' }, finish_reason: '' })),
    heard({ text: 'one', failure: 'network' }),
  ],
  ['nothing behind the words', sse(say('one')), heard({ text: 'one', failure: 'network' })],
  ['nothing but the last word', sse(DONE), heard({ failure: 'network' })],
  ['half an event at the end', `${sse(say('one'))}data: {"id":"c1","cho`, heard({ text: 'one', failure: 'protocol' })],
  [
    'the whole message beside the last piece',
    sse(
      say('one two'),
      chunk({ delta: { content: '' }, message: { content: 'one two' }, finish_reason: 'stop' }),
      DONE,
    ),
    SAID,
  ],
  [
    'the whole message behind its pieces',
    sse(say('one two'), chunk({ message: { role: 'assistant', content: 'one two' }, finish_reason: 'stop' }), DONE),
    SAID,
  ],
  [
    'the whole message alone',
    sse(chunk({ message: { role: 'assistant', content: 'one two' }, finish_reason: 'stop' }), DONE),
    SAID,
  ],
  [
    'another candidate before the first',
    sse(
      chunk(
        {},
        {
          choices: [
            { index: 1, delta: { content: 'x' } },
            { index: 0, delta: { content: 'one two' } },
          ],
        },
      ),
      stop(),
      DONE,
    ),
    SAID,
  ],
  [
    'null in every place',
    sse(
      chunk({
        delta: {
          role: null,
          content: null,
          tool_calls: null,
          refusal: null,
          function_call: null,
          reasoning_content: null,
        },
      }),
      say('one two'),
      chunk({ delta: null, finish_reason: 'stop', logprobs: null }),
      DONE,
    ),
    SAID,
  ],
  [
    'thoughts, then words',
    sse(
      chunk({ delta: { reasoning_content: 'hm', content: null } }),
      chunk({ delta: { reasoning_content: '', content: 'one two' } }),
      stop(),
      DONE,
    ),
    { ...SAID, thought: 'hm' },
  ],
  [
    'thoughts under both names',
    sse(chunk({ delta: { reasoning_content: 'hm', reasoning: 'hm' } }), say('one two'), stop(), DONE),
    { ...SAID, thought: 'hm' },
  ],

  [
    'an error in an event',
    sse(say('one'), JSON.stringify({ error: { message: 'x', type: 'server_error', code: 503 } })),
    heard({ text: 'one', failure: 'overloaded' }),
  ],
  [
    'an error that is a text',
    sse(say('one'), JSON.stringify({ error: 'the model has crashed' })),
    heard({ text: 'one', failure: 'upstream' }),
  ],
  [
    'an error under its name',
    `${sse(say('one'))}event: error\ndata: {"message":"x","code":429}\n\n`,
    heard({ text: 'one', failure: 'rate-limit' }),
  ],
  [
    'an error without the word, as Mistral and vLLM write it',
    sse(
      say('one'),
      JSON.stringify({
        object: 'error',
        message: 'Service unavailable.',
        type: 'internal_server_error',
        param: null,
        code: 503,
      }),
      DONE,
    ),
    heard({ text: 'one', failure: 'overloaded' }),
  ],
  [
    'an error first of all, without the word',
    sse(JSON.stringify({ object: 'error', message: 'x', type: 'BadRequestError', code: 400 }), DONE),
    heard({ failure: 'invalid-request' }),
  ],
  [
    'an error in the choice',
    sse(
      say('one'),
      chunk({ delta: { content: '' }, finish_reason: 'error', error: { code: 502, message: 'x' } }),
      DONE,
    ),
    heard({ text: 'one', failure: 'upstream' }),
  ],
  ['an error as the reason', sse(say('one'), stop('error'), DONE), heard({ text: 'one', failure: 'upstream' })],
  [
    'an end for want of machines, as DeepSeek tells it',
    sse(say('one'), stop('insufficient_system_resource'), DONE),
    heard({ text: 'one', failure: 'overloaded' }),
  ],
  [
    'a fault of the network, as Zhipu tells it',
    sse(say('one'), stop('network_error'), DONE),
    heard({ text: 'one', failure: 'upstream' }),
  ],

  [
    'a call',
    sse(
      call(fn('weather', '', { index: 0, id: 'a' })),
      call(fn(undefined, '{"city":', { index: 0 })),
      call(fn(undefined, '"Rome"}', { index: 0 })),
      stop('tool_calls'),
      DONE,
    ),
    ONE,
  ],
  [
    'a call without arguments',
    sse(call(fn('now', '', { index: 0, id: 'a' })), stop('tool_calls'), DONE),
    heard({ calls: [['now', '']], finish: 'tool-calls' }),
  ],
  [
    'a call with null for arguments',
    sse(call(fn('now', null, { index: 0, id: 'a' })), stop('tool_calls'), DONE),
    heard({ calls: [['now', '']], finish: 'tool-calls' }),
  ],
  [
    'a call with an object for arguments',
    sse(call(fn('weather', { city: 'Rome' }, { index: 0, id: 'a' })), stop('tool_calls'), DONE),
    ONE,
  ],
  [
    'a call with an empty object before its arguments',
    sse(
      call(fn('weather', {}, { index: 0, id: 'a' })),
      call(fn(undefined, ROME, { index: 0 })),
      stop('tool_calls'),
      DONE,
    ),
    ONE,
  ],
  ['a call and the reason of a stop', sse(call(fn('weather', ROME, { index: 0, id: 'a' })), stop('stop'), DONE), ONE],
  [
    'a call without index, in pieces',
    sse(call(fn('weather', '{"city":', { id: 'a' })), call(fn(undefined, '"Rome"}')), stop(), DONE),
    ONE,
  ],
  [
    'a call whose id and name come with every piece',
    sse(
      call(fn('weather', '{"city":', { index: 0, id: 'a' })),
      call(fn('weather', '"Rome"}', { index: 0, id: 'a' })),
      call(fn('weather', '', { index: 0, id: 'a' })),
      stop('tool_calls'),
      DONE,
    ),
    ONE,
  ],
  [
    'a call whose pieces have an empty id and name',
    sse(
      call(fn('weather', '{"city":', { index: 0, id: 'a' })),
      call(fn('', '"Rome"}', { index: 0, id: '' })),
      stop('tool_calls'),
      DONE,
    ),
    ONE,
  ],
  [
    'a call of the old kind',
    sse(
      chunk({ delta: { function_call: { name: 'weather', arguments: '{"city":' } } }),
      chunk({ delta: { function_call: { arguments: '"Rome"}' } } }),
      stop('function_call'),
      DONE,
    ),
    ONE,
  ],
  [
    'calls in turns',
    sse(
      call(fn('weather', '{"city":', { index: 0, id: 'a' })),
      call(fn('weather', '{"city":', { index: 1, id: 'b' })),
      call(fn(undefined, '"Rome"}', { index: 0 })),
      call(fn(undefined, '"Oslo"}', { index: 1 })),
      stop('tool_calls'),
      DONE,
    ),
    BOTH,
  ],
  [
    'calls of one index with ids',
    sse(
      call(fn('weather', ROME, { index: 0, id: 'a' })),
      call(fn('weather', OSLO, { index: 0, id: 'b' })),
      stop('tool_calls'),
      DONE,
    ),
    BOTH,
  ],
  [
    'calls of one index without ids',
    sse(call(fn('weather', ROME, { index: 0 })), call(fn('weather', OSLO, { index: 0 })), stop('tool_calls'), DONE),
    BOTH,
  ],
  [
    'calls of one index with empty ids',
    sse(
      call(fn('weather', ROME, { index: 0, id: '' })),
      call(fn('weather', OSLO, { index: 0, id: '' })),
      stop('tool_calls'),
      DONE,
    ),
    BOTH,
  ],
  [
    'calls of one index and one id',
    sse(
      call(fn('weather', ROME, { index: 0, id: 'a' })),
      call(fn('weather', OSLO, { index: 0, id: 'a' })),
      stop('tool_calls'),
      DONE,
    ),
    BOTH,
  ],
  [
    'calls of one id',
    sse(
      call(fn('weather', ROME, { index: 0, id: 'a' })),
      call(fn('weather', OSLO, { index: 1, id: 'a' })),
      stop('tool_calls'),
      DONE,
    ),
    BOTH,
  ],
  [
    'calls without index and id',
    sse(call(fn('weather', ROME)), call(fn('weather', OSLO)), stop('tool_calls'), DONE),
    BOTH,
  ],
  [
    'calls without index and with one id',
    sse(call(fn('weather', ROME, { id: 'a' })), call(fn('weather', OSLO, { id: 'a' })), stop('tool_calls'), DONE),
    BOTH,
  ],
  [
    'white space between the pieces of a call',
    sse(
      call(fn('weather', '{"city":', { index: 0, id: 'a' }), { content: '\n' }),
      call(fn(undefined, '"Rome"}', { index: 0 }), { content: '\n' }),
      stop('tool_calls'),
      DONE,
    ),
    { ...ONE, text: '\n\n' },
  ],
  [
    'words between the pieces of a call',
    sse(
      call(fn('weather', '{"city":', { index: 0, id: 'a' })),
      say('one two'),
      call(fn(undefined, '"Rome"}', { index: 0 })),
      stop('tool_calls'),
      DONE,
    ),
    { ...ONE, text: 'one two' },
  ],
  [
    'thoughts between calls',
    sse(
      call(fn('weather', ROME, { index: 0, id: 'a' })),
      chunk({ delta: { reasoning_content: 'hm' } }),
      call(fn('weather', OSLO, { index: 1, id: 'b' })),
      stop('tool_calls'),
      DONE,
    ),
    { ...BOTH, thought: 'hm' },
  ],
  [
    'an empty piece of a call that is over',
    sse(
      call(fn('weather', ROME, { index: 0, id: 'a' })),
      say('one two'),
      call(fn(undefined, '', { index: 0 })),
      stop('tool_calls'),
      DONE,
    ),
    { ...ONE, text: 'one two' },
  ],

  ['a reason in capitals', sse(say('one two'), stop('STOP'), DONE), SAID],
  ['Together’s reason', sse(say('one two'), stop('eos'), DONE), SAID],
  ['the reason of text-generation-inference', sse(say('one two'), stop('eos_token'), DONE), SAID],
  [
    'a model’s own bound',
    sse(say('one two'), stop('model_length'), DONE),
    heard({ text: 'one two', finish: 'length' }),
  ],
  ['a bound in capitals', sse(say('one two'), stop('MAX_TOKENS'), DONE), heard({ text: 'one two', finish: 'length' })],
  [
    'a context that is full',
    sse(say('one two'), stop('model_context_window_exceeded'), DONE),
    heard({ text: 'one two', finish: 'length' }),
  ],
  [
    'Google’s filter behind OpenAI’s face',
    sse(say('one two'), stop('SAFETY'), DONE),
    heard({ text: 'one two', finish: 'content-filter' }),
  ],
  [
    'a filter and its cause',
    sse(say('one two'), stop('content_filter: PROHIBITED_CONTENT'), DONE),
    heard({ text: 'one two', finish: 'content-filter' }),
  ],
  [
    'Zhipu’s filter',
    sse(say('one two'), stop('sensitive'), DONE),
    heard({ text: 'one two', finish: 'content-filter' }),
  ],
];

describe('a stream in OpenAI’s format with', () => {
  for (const [quirk, stream, meant] of STREAMS)
    it(quirk, async () => {
      const { ids, ...said } = await hear('openai-chat', stream);
      assert.deepEqual(said, meant);
      // Results find their calls by these names.
      assert.ok(ids.every((id) => id !== ''));
      assert.equal(new Set(ids).size, ids.length);
    });
});
