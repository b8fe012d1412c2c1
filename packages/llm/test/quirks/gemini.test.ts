import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { hear, heard, type Heard } from './hear.ts';

const USAGE = { promptTokenCount: 3, candidatesTokenCount: 2 };
const chunk = (parts: readonly object[] | undefined, candidate: object = {}, more: object = {}): string =>
  JSON.stringify({
    candidates: [{ index: 0, ...(parts && { content: { role: 'model', parts } }), ...candidate }],
    modelVersion: 'm',
    responseId: 'r1',
    ...more,
  });
const say = (text: string): string => chunk([{ text }]);
const stop = (parts: readonly object[] | undefined = [{ text: '' }], finishReason = 'STOP'): string =>
  chunk(parts, { finishReason }, { usageMetadata: USAGE });
const call = (args: unknown, more: object = {}): object => ({ functionCall: { name: 'weather', args, ...more } });
const sse = (...data: readonly string[]): string => data.map((each) => `data: ${each}\r\n\r\n`).join('');

const ROME = '{"city":"Rome"}';
const SAID = heard({ text: 'one two', finish: 'stop', usage: [3, 2] });
const ONE = heard({ calls: [['weather', ROME]], finish: 'tool-calls', usage: [3, 2] });
const BOTH = {
  ...ONE,
  calls: [
    ['weather', ROME],
    ['weather', '{"city":"Oslo"}'],
  ],
} as const;

/** What servers of this format really send, and what is meant. */
const STREAMS: readonly (readonly [quirk: string, stream: string, meant: Omit<Heard, 'ids'>])[] = [
  ['signs of life as empty data', sse('', say('one'), '', say(' two'), stop(), ''), SAID],
  ['signs of life as a comment in data', sse(say('one'), ': keepalive', say(' two'), stop()), SAID],
  ['line ends of Unix', sse(say('one'), say(' two'), stop()).replaceAll('\r\n', '\n'), SAID],
  ['an event over several lines of data', `data: ${say('one two').replace('{', '{\ndata: ')}\n\n${sse(stop())}`, SAID],
  ['OpenAI’s last word', sse(say('one two'), stop(), '[DONE]'), SAID],
  ['a reason in every event', sse(chunk([{ text: 'one' }], { finishReason: 'STOP' }), stop([{ text: ' two' }])), SAID],
  [
    'an unspecified reason in every event',
    sse(chunk([{ text: 'one' }], { finishReason: 'FINISH_REASON_UNSPECIFIED' }), stop([{ text: ' two' }])),
    SAID,
  ],
  [
    'usage in every event',
    sse(chunk([{ text: 'one two' }], {}, { usageMetadata: { promptTokenCount: 3 } }), stop()),
    SAID,
  ],
  [
    'usage behind the end',
    sse(say('one two'), chunk(undefined, { finishReason: 'STOP' }), JSON.stringify({ usageMetadata: USAGE })),
    SAID,
  ],
  ['an end without content', sse(say('one two'), stop(undefined)), SAID],
  [
    'an end without parts',
    sse(
      say('one two'),
      JSON.stringify({ candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }], usageMetadata: USAGE }),
    ),
    SAID,
  ],
  ['no end', sse(say('one two')), heard({ text: 'one two', failure: 'network' })],
  [
    'another candidate before the first',
    sse(
      JSON.stringify({
        candidates: [
          { index: 1, content: { parts: [{ text: 'x' }] } },
          { index: 0, content: { parts: [{ text: 'one two' }] } },
        ],
      }),
      stop(),
    ),
    SAID,
  ],
  ['thoughts', sse(chunk([{ text: 'hm', thought: true }]), say('one two'), stop()), { ...SAID, thought: 'hm' }],
  [
    'an error',
    sse(say('one'), JSON.stringify({ error: { code: 503, message: 'x', status: 'UNAVAILABLE' } })),
    heard({ text: 'one', failure: 'overloaded' }),
  ],
  [
    'a prompt that is refused',
    sse(JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } })),
    heard({ finish: 'content-filter', usage: [3, 0] }),
  ],
  ['calls of one event', sse(stop([call({ city: 'Rome' }), call({ city: 'Oslo' })])), BOTH],
  ['calls of two events', sse(chunk([call({ city: 'Rome' })]), stop([call({ city: 'Oslo' })])), BOTH],
  ['calls of one id', sse(stop([call({ city: 'Rome' }, { id: 'a' }), call({ city: 'Oslo' }, { id: 'a' })])), BOTH],
  [
    'a call without arguments',
    sse(stop([{ functionCall: { name: 'weather' } }])),
    { ...ONE, calls: [['weather', '{}']] },
  ],
  ['a call with null for arguments', sse(stop([call(null)])), { ...ONE, calls: [['weather', '{}']] }],
  [
    'a thought between calls',
    sse(chunk([call({ city: 'Rome' })]), chunk([{ text: 'hm', thought: true }]), stop([call({ city: 'Oslo' })])),
    { ...BOTH, thought: 'hm' },
  ],
];

describe('a stream in Gemini’s format with', () => {
  for (const [quirk, stream, meant] of STREAMS)
    it(quirk, async () => {
      const { ids, ...said } = await hear('gemini', stream);
      assert.deepEqual(said, meant);
      assert.ok(ids.every((id) => id !== ''));
      assert.equal(new Set(ids).size, ids.length);
    });
});
