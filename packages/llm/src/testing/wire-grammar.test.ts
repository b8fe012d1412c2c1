import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { JsonObject } from '../model/json.ts';
import type { Frame } from '../wire/codec.ts';
import { checkAnthropicFrames, checkOpenAiChatFrames } from './wire-grammar.ts';

type Legal = readonly (readonly [string, readonly Frame[]])[];
type Illegal = readonly (readonly [string, readonly Frame[], RegExp])[];

function holds(check: (frames: readonly Frame[]) => readonly string[], legal: Legal, illegal: Illegal): void {
  for (const [name, frames] of legal) it(`allows ${name}`, () => assert.deepEqual(check(frames), []));
  for (const [name, frames, complaint] of illegal)
    it(`finds ${name}`, () => assert.match(check(frames).join('\n'), complaint));
}

const data = (value: JsonObject): Frame => ({ event: '', data: JSON.stringify(value) });
const HEAD = { id: 'a', object: 'chat.completion.chunk', created: 0, model: 'm' };
const chunk = (delta: JsonObject, reason: string | null = null): Frame =>
  data({ ...HEAD, choices: [{ index: 0, delta, finish_reason: reason }] });
const DONE: Frame = { event: '', data: '[DONE]' };
const ROLE = chunk({ role: 'assistant' });
const FINISH = chunk({}, 'stop');
const BROKEN = data({ error: { message: 'gone' } });
const CALLED = { index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '' } };
const call = (value: JsonObject): Frame => chunk({ tool_calls: [value] });
const around = (...between: readonly Frame[]): readonly Frame[] => [ROLE, ...between, FINISH, DONE];

describe('the grammar of openai-chat streams', () => {
  holds(
    checkOpenAiChatFrames,
    [
      ['an answer of one chunk', [chunk({ role: 'assistant' }, 'stop'), DONE]],
      ['an error alone', [BROKEN]],
      ['an error in the middle', [ROLE, BROKEN]],
      ['usage behind the finish', [ROLE, FINISH, data({ ...HEAD, choices: [], usage: {} }), DONE]],
      ['a call in pieces', around(call(CALLED), call({ index: 0, function: { arguments: '{}' } }))],
    ],
    [
      ['no end', [ROLE, FINISH], /neither \[DONE\] nor an error/],
      ['an end without a finish reason', [ROLE, DONE], /\[DONE\] after 0 finish reasons/],
      ['something after the end', [...around(), DONE], /frame 3: follows the end/],
      ['something after an error', [BROKEN, DONE], /frame 1: follows the end/],
      ['an error that is no object', [data({ error: 'gone' })], /an error that is no object/],
      ['an event name', [{ ...ROLE, event: 'chunk' }, FINISH, DONE], /the event name chunk/],
      ['text that is not JSON', around({ event: '', data: '{' }), /not a JSON object/],
      ['a chunk without choices', around(data(HEAD)), /no choices/],
      ['a chunk of another name', around(data({ ...HEAD, object: 'a', choices: [] })), /no chat\.completion\.chunk/],
      ['a chunk without an id', around(data({ ...HEAD, id: null, choices: [] })), /has no id/],
      ['a first delta without a role', [chunk({}), FINISH, DONE], /the first and has no role/],
      ['content that is a number', around(chunk({ content: 1 })), /content that is no text/],
      ['two finish reasons', around(FINISH), /behind the finish reason/],
      ['a finish reason of its own', [ROLE, chunk({}, 'end_turn'), DONE], /the finish reason .*end_turn/],
      ['a second choice', around(data({ ...HEAD, choices: [{ index: 1, delta: {} }] })), /index is not 0/],
      ['a call without an index', around(call({ id: 'c' })), /without an index/],
      ['a call without a name', around(call({ ...CALLED, function: {} })), /without id, type or name/],
      ['a call number left out', around(call({ ...CALLED, index: 1 })), /starts call 1 where call 0 is due/],
      ['arguments that are no text', around(call({ index: 0, function: { arguments: {} } })), /no arguments/],
    ],
  );
});

const frame = (type: string, more: JsonObject = {}): Frame => ({
  event: type,
  data: JSON.stringify({ type, ...more }),
});
const USAGE = { input_tokens: 1, output_tokens: 0 };
const MESSAGE = { id: 'msg_a', type: 'message', role: 'assistant', model: 'm', content: [], usage: USAGE };
const startOf = (more: JsonObject): Frame => frame('message_start', { message: { ...MESSAGE, ...more } });
const START = startOf({});
const REASON = frame('message_delta', { delta: { stop_reason: 'end_turn' }, usage: USAGE });
const STOP = frame('message_stop');
const ERROR = frame('error', { error: { type: 'api_error', message: 'gone' } });
const PING = frame('ping');
const TEXT = { type: 'text', text: '' };
const CALL = { type: 'tool_use', id: 'c', name: 'f', input: {} };
const open = (index: number, block: JsonObject): Frame => frame('content_block_start', { index, content_block: block });
const grow = (index: number, delta: JsonObject): Frame => frame('content_block_delta', { index, delta });
const close = (index: number): Frame => frame('content_block_stop', { index });
const say = (index: number): Frame => grow(index, { type: 'text_delta', text: 'a' });
const whole = (...between: readonly Frame[]): readonly Frame[] => [START, ...between, REASON, STOP];

describe('the grammar of anthropic-messages streams', () => {
  holds(
    checkAnthropicFrames,
    [
      ['a message without blocks', whole()],
      ['an error alone', [ERROR]],
      ['an error inside a block', [START, open(0, TEXT), ERROR]],
      ['pings after the start', [START, PING, open(0, TEXT), PING, say(0), close(0), REASON, PING, STOP]],
      ['blocks in order', whole(open(0, TEXT), say(0), close(0), open(1, CALL), close(1))],
    ],
    [
      ['no end', [START, REASON], /neither message_stop nor an error/],
      ['something after the end', [...whole(), PING], /follows the end/],
      ['something after an error', [ERROR, STOP], /follows the end/],
      ['an error without a type', [frame('error', { error: {} })], /no error with a type/],
      ['text that is not JSON', whole({ event: 'ping', data: '{' }), /not a JSON object/],
      ['another event name', whole({ ...PING, event: 'pong' }), /not its event name/],
      ['an event of its own', whole(frame('pong')), /the unknown type .*pong/],
      ['a ping before the start', [PING, ...whole()], /before message_start/],
      ['two starts', whole(START), /starts the message again/],
      ['a message of the user', [startOf({ role: 'user' }), REASON, STOP], /without role or type/],
      ['a message without an id', [startOf({ id: null }), REASON, STOP], /without id/],
      ['content in the start', [startOf({ content: [TEXT] }), REASON, STOP], /empty content/],
      ['a start that counts nothing', [startOf({ usage: {} }), REASON, STOP], /usage without input_tokens/],
      ['an index left out', whole(open(1, TEXT), close(1)), /starts block 1, not 0/],
      ['a block without a type', whole(open(0, {}), close(0)), /no content_block with a type/],
      ['a block inside another', whole(open(0, TEXT), open(1, TEXT), close(1)), /while block 0 is open/],
      ['a block that never stops', whole(open(0, TEXT)), /while block 0 is open/],
      ['a stop without a block', whole(close(0)), /block 0 is not open/],
      ['a delta of a stopped block', whole(open(0, TEXT), close(0), say(0)), /block 0 is not open/],
      ['text in a call', whole(open(0, CALL), say(0), close(0)), /text_delta.* for .*tool_use/],
      ['a delta without text', whole(open(0, TEXT), grow(0, { type: 'text_delta' }), close(0)), /has no text/],
      ['a block after the stop reason', [START, REASON, open(0, TEXT), STOP], /behind message_delta/],
      ['two stop reasons', whole(REASON), /behind message_delta/],
      ['no stop reason', [START, frame('message_delta', { usage: USAGE }), STOP], /no stop_reason/],
      ['a stop without its reason', [START, STOP], /without message_delta/],
    ],
  );
});
