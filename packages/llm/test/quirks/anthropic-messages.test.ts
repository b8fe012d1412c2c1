import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { hear, heard, type Heard } from './hear.ts';

const start = (usage: object = { input_tokens: 3, output_tokens: 1 }): object => ({
  type: 'message_start',
  message: { id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage },
});
const block = (content_block: object, index = 0): object => ({ type: 'content_block_start', index, content_block });
const delta = (piece: object, index = 0): object => ({ type: 'content_block_delta', index, delta: piece });
const text = (words: string, index = 0): object => delta({ type: 'text_delta', text: words }, index);
const json = (partial_json: unknown, index = 0): object => delta({ type: 'input_json_delta', partial_json }, index);
const end = (index = 0): object => ({ type: 'content_block_stop', index });
const last = (stop_reason: string | null = 'end_turn', usage: object | undefined = { output_tokens: 2 }): object => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  ...(usage && { usage }),
});
const STOP = { type: 'message_stop' };
const WORDS = [block({ type: 'text', text: '' }), text('one'), text(' two'), end()];
const tool = (more: object = {}, index = 0): object =>
  block({ type: 'tool_use', id: `t${index}`, name: 'weather', input: {}, ...more }, index);

const sse = (...events: readonly object[]): string =>
  events.map((each) => `event: ${(each as { type: string }).type}\ndata: ${JSON.stringify(each)}\n\n`).join('');
const unnamed = (...events: readonly object[]): string =>
  events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');

const ROME = '{"city":"Rome"}';
const SAID = heard({ text: 'one two', finish: 'stop', usage: [3, 2] });
const ONE = heard({ calls: [['weather', ROME]], finish: 'tool-calls', usage: [3, 2] });

/** What servers of this format really send, and what is meant. */
const STREAMS: readonly (readonly [quirk: string, stream: string, meant: Omit<Heard, 'ids'>])[] = [
  ['pings anywhere', sse({ type: 'ping' }, start(), { type: 'ping' }, ...WORDS, { type: 'ping' }, last(), STOP), SAID],
  ['signs of life as empty data', `data:\n\n${sse(start())}event: ping\ndata:\n\n${sse(...WORDS, last(), STOP)}`, SAID],
  ['signs of life that are no JSON', `${sse(start())}event: ping\ndata: ping\n\n${sse(...WORDS, last(), STOP)}`, SAID],
  [
    'events that nobody knows',
    `${sse(start(), { type: 'vertex_event', x: 1 })}event: weather\ndata: sunny\n\n${sse(...WORDS, last(), STOP)}`,
    SAID,
  ],
  ['OpenAI’s last word behind its own', `${sse(start(), ...WORDS, last(), STOP)}data: [DONE]\n\n`, SAID],
  ['OpenAI’s last word in place of its own', `${sse(start(), ...WORDS, last())}data: [DONE]\n\n`, SAID],
  ['events without names', unnamed(start(), ...WORDS, last(), STOP), SAID],
  [
    'line ends of Windows and no space',
    sse(start(), ...WORDS, last(), STOP)
      .replaceAll(': ', ':')
      .replaceAll('\n', '\r\n'),
    SAID,
  ],
  ['no last word', sse(start(), ...WORDS, last()), SAID],
  ['no reason', sse(start(), ...WORDS, STOP), { ...SAID, usage: [3, 1] }],
  ['the end twice', sse(start(), ...WORDS, last(), last(), STOP, STOP), SAID],
  ['the start twice', sse(start(), start(), ...WORDS, last(), STOP), SAID],
  ['no ends of blocks', sse(start(), block({ type: 'text', text: '' }), text('one'), text(' two'), last(), STOP), SAID],
  [
    'words in the start of a block',
    sse(start(), block({ type: 'text', text: 'one' }), text(' two'), end(), last(), STOP),
    SAID,
  ],
  ['usage in parts', sse(start({ input_tokens: 3 }), ...WORDS, last('end_turn', { output_tokens: 2 }), STOP), SAID],
  [
    'usage at the end alone',
    sse(
      start({ input_tokens: 0, output_tokens: 0 }),
      ...WORDS,
      last('end_turn', { input_tokens: 3, output_tokens: 2 }),
      STOP,
    ),
    SAID,
  ],
  [
    'nothing counted at the end',
    sse(start(), ...WORDS, last('end_turn', { input_tokens: 0, output_tokens: 2 }), STOP),
    SAID,
  ],
  [
    'usage that is null',
    sse(start(), ...WORDS, last('end_turn', { input_tokens: null, output_tokens: 2 }), STOP),
    SAID,
  ],
  [
    'usage of two ends',
    sse(start(), ...WORDS, last(null, { output_tokens: 1 }), last('end_turn', { output_tokens: 2 }), STOP),
    SAID,
  ],

  [
    'an error',
    sse(start(), ...WORDS, { type: 'error', error: { type: 'overloaded_error', message: 'x' } }),
    heard({ text: 'one two', failure: 'overloaded', usage: undefined }),
  ],
  [
    'an error first of all',
    sse({ type: 'error', error: { type: 'rate_limit_error', message: 'x' } }),
    heard({ failure: 'rate-limit' }),
  ],
  [
    'an error without a type',
    unnamed(start(), ...WORDS, { error: { type: 'overloaded_error', message: 'x' } }),
    heard({ text: 'one two', failure: 'overloaded' }),
  ],
  [
    'an error in OpenAI’s words',
    unnamed(start(), ...WORDS, { error: { message: 'x', type: 'server_error', code: 503 } }),
    heard({ text: 'one two', failure: 'upstream' }),
  ],
  ['nothing behind its words', sse(start(), ...WORDS), heard({ text: 'one two', failure: 'network' })],
  [
    'half an event',
    `${sse(start(), ...WORDS)}event: message_delta\ndata: {"type":"mess`,
    heard({ text: 'one two', failure: 'protocol' }),
  ],

  [
    'a call in pieces',
    sse(start(), tool(), json(''), json('{"city":'), json('"Rome"}'), end(), last('tool_use'), STOP),
    ONE,
  ],
  [
    'a call whose input comes with its start',
    sse(start(), tool({ input: { city: 'Rome' } }), end(), last('tool_use'), STOP),
    ONE,
  ],
  [
    'a call whose input comes with its start and again',
    sse(start(), tool({ input: { city: 'Rome' } }), json(ROME), end(), last('tool_use'), STOP),
    ONE,
  ],
  ['a call without input', sse(start(), tool(), end(), last('tool_use'), STOP), { ...ONE, calls: [['weather', '{}']] }],
  [
    'a call whose input is an empty text',
    sse(start(), tool({ input: '' }), json(ROME), end(), last('tool_use'), STOP),
    ONE,
  ],
  [
    'a call whose input is an empty text alone',
    sse(start(), tool({ input: '' }), end(), last('tool_use'), STOP),
    { ...ONE, calls: [['weather', '{}']] },
  ],
  [
    'a call whose input is null',
    sse(start(), tool({ input: null }), end(), last('tool_use'), STOP),
    { ...ONE, calls: [['weather', '{}']] },
  ],
  ['a call whose input is a text', sse(start(), tool({ input: ROME }), end(), last('tool_use'), STOP), ONE],
  ['a piece that is null', sse(start(), tool(), json(null), json(ROME), end(), last('tool_use'), STOP), ONE],
  [
    'a call and the reason of an end',
    sse(start(), tool(), json(ROME), end(), last('end_turn'), STOP),
    { ...ONE, finish: 'stop' },
  ],
  [
    'calls in turns',
    sse(
      start(),
      tool({}, 0),
      tool({}, 1),
      json('{"a":', 0),
      json('{"b":', 1),
      json('1}', 0),
      json('2}', 1),
      end(0),
      end(1),
      last('tool_use'),
      STOP,
    ),
    {
      ...ONE,
      calls: [
        ['weather', '{"a":1}'],
        ['weather', '{"b":2}'],
      ],
    },
  ],
  [
    'calls of one index',
    sse(start(), tool(), json('{"a":1}'), end(), tool({ id: 'u' }), json('{"b":2}'), end(), last('tool_use'), STOP),
    {
      ...ONE,
      calls: [
        ['weather', '{"a":1}'],
        ['weather', '{"b":2}'],
      ],
    },
  ],
  [
    'calls of one id',
    sse(
      start(),
      tool({ id: 't' }),
      json('{"a":1}'),
      end(),
      tool({ id: 't' }, 1),
      json('{"b":2}', 1),
      end(1),
      last('tool_use'),
      STOP,
    ),
    {
      ...ONE,
      calls: [
        ['weather', '{"a":1}'],
        ['weather', '{"b":2}'],
      ],
    },
  ],
  ['a call without an id', sse(start(), tool({ id: '' }), json(ROME), end(), last('tool_use'), STOP), ONE],
  [
    'thoughts between calls',
    sse(
      start(),
      tool(),
      json('{"a":1}'),
      end(),
      block({ type: 'thinking', thinking: '', signature: '' }, 1),
      delta({ type: 'thinking_delta', thinking: 'hm' }, 1),
      delta({ type: 'signature_delta', signature: 's' }, 1),
      end(1),
      tool({}, 2),
      json('{"b":2}', 2),
      end(2),
      last('tool_use'),
      STOP,
    ),
    {
      ...ONE,
      thought: 'hm',
      calls: [
        ['weather', '{"a":1}'],
        ['weather', '{"b":2}'],
      ],
    },
  ],
  ['a reason in OpenAI’s words', sse(start(), ...WORDS, last('length'), STOP), { ...SAID, finish: 'length' }],
  ['a stop in OpenAI’s words', sse(start(), ...WORDS, last('stop'), STOP), SAID],
  ['calls in OpenAI’s words', sse(start(), tool(), json(ROME), end(), last('tool_calls'), STOP), ONE],
];

describe('a stream in Anthropic’s format with', () => {
  for (const [quirk, stream, meant] of STREAMS)
    it(quirk, async () => {
      const { ids, ...said } = await hear('anthropic-messages', stream);
      // What an answer cost up to a failure is told at its start.
      assert.deepEqual(said.failure === undefined ? said : { ...said, usage: undefined }, meant);
      assert.ok(ids.every((id) => id !== ''));
      assert.equal(new Set(ids).size, ids.length);
    });
});
