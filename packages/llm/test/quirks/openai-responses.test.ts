import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { hear, heard, type Heard } from './hear.ts';

const USAGE = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
const RESPONSE = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress', output: [] };
const created = { type: 'response.created', response: RESPONSE };
const MESSAGE = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' };
const PART = { type: 'output_text', text: 'one two', annotations: [] };
const whole = { ...MESSAGE, content: [PART] };
const added = (item: object, output_index = 0): object => ({ type: 'response.output_item.added', output_index, item });
const done = (item: object, output_index = 0): object => ({ type: 'response.output_item.done', output_index, item });
const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const text = (delta: string): object => ({ type: 'response.output_text.delta', ...at, delta });
const completed = (output: readonly object[] = [whole], more: object = {}): object => ({
  type: 'response.completed',
  response: { ...RESPONSE, status: 'completed', output, usage: USAGE, ...more },
});
const WORDS = [
  added({ ...MESSAGE, content: [] }),
  { type: 'response.content_part.added', ...at, part: { ...PART, text: '' } },
  text('one'),
  text(' two'),
  { type: 'response.output_text.done', ...at, text: 'one two' },
  { type: 'response.content_part.done', ...at, part: PART },
  done(whole),
];
const fn = (call_id: string, args: unknown, name = 'weather'): object => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name,
  arguments: args,
});
const piece = (id: string, output_index: number, delta: string): object => ({
  type: 'response.function_call_arguments.delta',
  item_id: `fc_${id}`,
  output_index,
  delta,
});
const argsDone = (id: string, output_index: number, args: string): object => ({
  type: 'response.function_call_arguments.done',
  item_id: `fc_${id}`,
  output_index,
  arguments: args,
});

const named = (...events: readonly object[]): string =>
  events.map((each) => `event: ${(each as { type: string }).type}\ndata: ${JSON.stringify(each)}\n\n`).join('');
const sse = (...events: readonly object[]): string =>
  events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('');

const ROME = '{"city":"Rome"}';
const OSLO = '{"city":"Oslo"}';
const SAID = heard({ text: 'one two', finish: 'stop', usage: [3, 2] });
const ONE = heard({ calls: [['weather', ROME]], finish: 'tool-calls', usage: [3, 2] });
const BOTH = heard({
  calls: [
    ['weather', ROME],
    ['weather', OSLO],
  ],
  finish: 'tool-calls',
  usage: [3, 2],
});

/** What servers of this format really send, and what is meant. */
const STREAMS: readonly (readonly [quirk: string, stream: string, meant: Omit<Heard, 'ids'>])[] = [
  ['everything as OpenAI has it', named(created, ...WORDS, completed()), SAID],
  ['events without names', sse(created, ...WORDS, completed()), SAID],
  ['one name for all events', sse(created, ...WORDS, completed()).replaceAll('data:', 'event: message\ndata:'), SAID],
  ['OpenAI’s other last word', `${named(created, ...WORDS, completed())}data: [DONE]\n\n`, SAID],
  [
    'signs of life as comments and as empty data',
    `: ping\n\ndata:\n\n${named(created)}data:\n\n:\n\n${named(...WORDS, { type: 'keepalive' }, completed())}`,
    SAID,
  ],
  [
    'signs of life that are no JSON',
    `${named(created)}event: ping\ndata: ping\n\n${named(...WORDS, completed())}`,
    SAID,
  ],
  ['a ping', named(created, { type: 'ping' }, ...WORDS, completed()), SAID],
  ['line ends of Windows', named(created, ...WORDS, completed()).replaceAll('\n', '\r\n'), SAID],
  ['no start', named(...WORDS, completed()), SAID],
  ['no start of the item', named(created, text('one'), text(' two'), completed()), SAID],
  ['nothing but pieces', named(created, text('one'), text(' two'), completed([])), SAID],
  ['nothing but the item', named(created, done(whole), completed()), SAID],
  ['nothing but the end', named(completed()), SAID],
  ['the end twice', named(created, ...WORDS, completed(), completed()), SAID],
  [
    'an end that is cut',
    named(created, ...WORDS, {
      type: 'response.incomplete',
      response: { ...RESPONSE, incomplete_details: { reason: 'max_output_tokens' }, output: [whole], usage: USAGE },
    }),
    { ...SAID, finish: 'length' },
  ],
  ['no end', named(created, ...WORDS), heard({ text: 'one two', failure: 'network' })],
  [
    'an error',
    named(created, ...WORDS, { type: 'error', code: 'server_error', message: 'x', param: null }),
    heard({ text: 'one two', failure: 'upstream' }),
  ],
  [
    'an error within',
    named(created, {
      type: 'error',
      error: { type: 'rate_limit_exceeded', code: 'rate_limit_exceeded', message: 'x' },
    }),
    heard({ failure: 'rate-limit' }),
  ],
  [
    'an error in the words of the other format',
    sse(created, { error: { message: 'x', type: 'server_error', code: 503 } }),
    heard({ failure: 'overloaded' }),
  ],
  [
    'a failure',
    named(created, {
      type: 'response.failed',
      response: { ...RESPONSE, status: 'failed', error: { code: 'server_error', message: 'x' } },
    }),
    heard({ failure: 'upstream' }),
  ],
  [
    'an error in an item, which is none of the answer',
    sse(
      created,
      done({ type: 'mcp_call', id: 'mcp_1', name: 'x', arguments: '{}', error: { type: 'error', message: 'x' } }),
      ...WORDS.map((each) => ({ ...each, output_index: 1 })),
      completed([]),
    ),
    SAID,
  ],
  [
    'a call',
    sse(
      created,
      added(fn('a', '')),
      piece('a', 0, '{"city":'),
      piece('a', 0, '"Rome"}'),
      argsDone('a', 0, ROME),
      done(fn('a', ROME)),
      completed([fn('a', ROME)]),
    ),
    ONE,
  ],
  [
    'a call whose arguments come at its end',
    named(created, added(fn('a', '')), argsDone('a', 0, ROME), done(fn('a', ROME)), completed([fn('a', ROME)])),
    ONE,
  ],
  [
    'a call whose arguments come at its start',
    named(created, added(fn('a', ROME)), done(fn('a', ROME)), completed([fn('a', ROME)])),
    ONE,
  ],
  ['a call whose arguments are an object', named(created, done(fn('a', { city: 'Rome' })), completed([])), ONE],
  [
    'a call whose arguments are null',
    named(created, added(fn('a', null)), piece('a', 0, ROME), done(fn('a', ROME)), completed([])),
    ONE,
  ],
  [
    'calls in turns',
    named(
      created,
      added(fn('a', '')),
      added(fn('b', ''), 1),
      piece('a', 0, '{"city":'),
      piece('b', 1, '{"city":'),
      piece('a', 0, '"Rome"}'),
      piece('b', 1, '"Oslo"}'),
      done(fn('a', ROME)),
      done(fn('b', OSLO), 1),
      completed([fn('a', ROME), fn('b', OSLO)]),
    ),
    BOTH,
  ],
  [
    'calls of one id',
    named(created, done(fn('a', ROME)), done({ ...fn('a', OSLO), id: 'fc_b' }, 1), completed([])),
    BOTH,
  ],
  [
    'calls without ids',
    named(created, done({ ...fn('', ROME), id: '' }), done({ ...fn('', OSLO), id: '' }, 1), completed([])),
    BOTH,
  ],
  [
    'thoughts between calls',
    named(
      created,
      done(fn('a', ROME)),
      done({ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] }, 1),
      done(fn('b', OSLO), 2),
      completed([]),
    ),
    { ...BOTH, thought: 'hm' },
  ],
];

describe('a stream in the format of Responses with', () => {
  for (const [quirk, stream, meant] of STREAMS)
    it(quirk, async () => {
      const { ids, ...said } = await hear('openai-responses', stream);
      assert.deepEqual(said, meant);
      assert.ok(ids.every((id) => id !== ''));
      assert.equal(new Set(ids).size, ids.length);
    });
});
