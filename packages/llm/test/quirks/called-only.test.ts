import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { collect } from '../../src/model/fold.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { encodeAwsMessage } from '../../src/transport/aws-event-stream-encode.ts';
import { createFrameDecoder } from '../../src/transport/frame-decoder.ts';
import type { UpstreamCodec } from '../../src/wire/codec.ts';
import { UPSTREAM_FORMATS } from '../../src/wire/registry.ts';

type CalledId = 'ollama-chat' | 'bedrock-converse';
type Meant =
  | readonly [failure: string]
  | readonly [text: string, thought: string, calls: readonly (readonly [string, string])[], finish: string];

/** What is meant by the bytes of a stream, which must not depend on how they are split. */
function meantBy(format: CalledId, bytes: Uint8Array): Meant {
  const codec = UPSTREAM_FORMATS[format] as UpstreamCodec<object>;
  const all = [1, 5, Infinity].map((size) => {
    const decoder = createFrameDecoder(codec.framing ?? 'sse');
    const frames = [];
    for (let at = 0; at < bytes.length; at += size) frames.push(...decoder.push(bytes.subarray(at, at + size)));
    const events = play(codec.decodeStream({}), [...frames, ...decoder.end()]);
    assert.deepEqual(checkEventGrammar(events), []);
    const answer = collect(events);
    if (!answer.ok) return [answer.failure.kind] as const;
    const { content, finish } = answer.value;
    const textsOf = (type: 'text' | 'reasoning'): string =>
      content.map((part) => (part.type === type ? part.text : '')).join('');
    const calls = content.filter((part) => part.type === 'tool-call');
    assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
    const made = calls.map(({ name, argumentsJson }) => [name, argumentsJson] as const);
    return [textsOf('text'), textsOf('reasoning'), made, finish.reason] as const;
  });
  const [first = ['none'] as const] = all;
  for (const other of all) assert.deepEqual(other, first);
  return first;
}

const HEAD = { model: 'm', created_at: '2026-11-01T10:00:00Z' };
const said = (message: object): object => ({ ...HEAD, message: { role: 'assistant', ...message }, done: false });
const LAST = { ...HEAD, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' };
const made = (args: unknown, id?: string): object => ({
  ...(id !== undefined && { id }),
  function: { name: 'weather', arguments: args },
});
const lines = (...all: readonly object[]): string => all.map((each) => `${JSON.stringify(each)}\n`).join('');
const ROME = '{"city":"Rome"}';
const SAID: Meant = ['one two', '', [], 'stop'];
const ONE: Meant = ['', '', [['weather', ROME]], 'tool-calls'];
const BOTH: Meant = [
  '',
  '',
  [
    ['weather', ROME],
    ['weather', ROME],
  ],
  'tool-calls',
];
const CITY = { city: 'Rome' };

const OLLAMA: readonly (readonly [quirk: string, ndjson: string, meant: Meant])[] = [
  [
    'line ends of Windows',
    lines(said({ content: 'one' }), said({ content: ' two' }), LAST).replaceAll('\n', '\r\n'),
    SAID,
  ],
  ['blank lines', `\n${lines(said({ content: 'one two' }))}\n\n${lines(LAST)}\n`, SAID],
  ['a byte order mark', `\ufeff${lines(said({ content: 'one two' }), LAST)}`, SAID],
  ['no line end at the end', lines(said({ content: 'one two' }), LAST).trimEnd(), SAID],
  [
    'words in the last line',
    lines(said({ content: 'one' }), { ...LAST, message: { role: 'assistant', content: ' two' } }),
    SAID,
  ],
  ['a last line without a message', lines(said({ content: 'one two' }), { ...HEAD, done: true }), SAID],
  ['lines behind the last', lines(said({ content: 'one two' }), LAST, said({ content: ' three' })), SAID],
  ['no last line', lines(said({ content: 'one two' })), ['network']],
  ['half a line', `${lines(said({ content: 'one two' }))}{"model":"m","mess`, ['protocol']],
  ['an error', lines(said({ content: 'one' }), { error: 'server busy, please try again' }), ['overloaded']],
  [
    'calls of two lines',
    lines(said({ content: '', tool_calls: [made(CITY)] }), said({ tool_calls: [made(CITY)] }), LAST),
    BOTH,
  ],
  ['calls of one id', lines(said({ tool_calls: [made(CITY, 'a'), made(CITY, 'a')] }), LAST), BOTH],
  ['a text for arguments', lines(said({ tool_calls: [made(ROME)] }), LAST), ONE],
  ['null for arguments', lines(said({ tool_calls: [made(null)] }), LAST), ['', '', [['weather', '{}']], 'tool-calls']],
  [
    'a thought between calls',
    lines(said({ tool_calls: [made(CITY)] }), said({ thinking: 'hm' }), said({ tool_calls: [made(CITY)] }), LAST),
    ['', 'hm', BOTH[2] ?? [], 'tool-calls'],
  ],
];

const event = (name: string, body: object): Uint8Array => encodeAwsMessage({ event: name, data: JSON.stringify(body) });
const START = event('messageStart', { role: 'assistant', p: 'abc' });
const piece = (delta: object, contentBlockIndex = 0): Uint8Array =>
  event('contentBlockDelta', { contentBlockIndex, delta, p: 'ab' });
const open = (toolUseId: string, contentBlockIndex: number): Uint8Array =>
  event('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name: 'weather' } } });
const input = (text: string, at: number): Uint8Array => piece({ toolUse: { input: text } }, at);
const close = (contentBlockIndex: number): Uint8Array => event('contentBlockStop', { contentBlockIndex });
const stop = (stopReason = 'end_turn'): Uint8Array => event('messageStop', { stopReason });
const METADATA = event('metadata', { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } });
const WORDS = [START, piece({ text: 'one' }), piece({ text: ' two' }), close(0)];

const BEDROCK: readonly (readonly [quirk: string, messages: readonly Uint8Array[], meant: Meant])[] = [
  ['everything as Amazon has it', [...WORDS, stop(), METADATA], SAID],
  ['no usage', [...WORDS, stop()], SAID],
  ['no ends of blocks', [START, piece({ text: 'one two' }), stop(), METADATA], SAID],
  ['events that nobody knows', [START, event('trace', { x: 1 }), ...WORDS.slice(1), stop(), METADATA], SAID],
  ['the end twice', [...WORDS, stop(), stop(), METADATA, METADATA], SAID],
  ['no end', WORDS, ['network']],
  [
    'an exception',
    [...WORDS, encodeAwsMessage({ event: 'throttlingException', data: '{"message":"x"}' })],
    ['rate-limit'],
  ],
  [
    'an exception that is no JSON',
    [START, encodeAwsMessage({ event: 'modelStreamErrorException', data: 'x' })],
    ['upstream'],
  ],
  [
    'a call in pieces',
    [
      START,
      open('a', 0),
      input('', 0),
      input('{"city":', 0),
      input('"Rome"}', 0),
      close(0),
      stop('tool_use'),
      METADATA,
    ],
    ONE,
  ],
  [
    'a call without input',
    [START, open('a', 0), close(0), stop('tool_use'), METADATA],
    ['', '', [['weather', '{}']], 'tool-calls'],
  ],
  [
    'calls in turns',
    [
      START,
      open('a', 0),
      open('b', 1),
      input('{"city":', 0),
      input('{"city":', 1),
      input('"Rome"}', 0),
      input('"Rome"}', 1),
      close(0),
      close(1),
      stop('tool_use'),
      METADATA,
    ],
    BOTH,
  ],
  [
    'calls of one id',
    [START, open('a', 0), input(ROME, 0), close(0), open('a', 1), input(ROME, 1), close(1), stop('tool_use'), METADATA],
    BOTH,
  ],
  [
    'calls and the reason of an end',
    [START, open('a', 0), input(ROME, 0), close(0), stop('end_turn'), METADATA],
    ['', '', [['weather', ROME]], 'stop'],
  ],
];

describe('a stream of Ollama’s with', () => {
  for (const [quirk, ndjson, meant] of OLLAMA)
    it(quirk, () => assert.deepEqual(meantBy('ollama-chat', new TextEncoder().encode(ndjson)), meant));
});

describe('a stream of Bedrock’s with', () => {
  for (const [quirk, messages, meant] of BEDROCK)
    it(quirk, () => assert.deepEqual(meantBy('bedrock-converse', Buffer.concat(messages)), meant));
});
