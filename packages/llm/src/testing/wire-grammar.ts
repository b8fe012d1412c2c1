import type { Json, JsonObject } from '../model/json.ts';
import type { Frame } from '../wire/codec.ts';
import { arrayOf, isObject, objectOf, parseJson, textOf } from '../wire/read.ts';

type Complain = (sentence: string) => void;

const shown = (value: Json | undefined): string => JSON.stringify(value) ?? 'nothing';

const FINISH_REASONS: readonly unknown[] = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call'];

interface ChatSeen {
  role: boolean;
  finished: number;
  ended: boolean;
  readonly calls: Set<number>;
}

/**
 * Holds a stream of `chat.completion.chunk` frames against what the official client needs, one choice with index 0;
 * empty when the stream is legal. `[DONE]` ends it, or an error frame.
 */
export function checkOpenAiChatFrames(frames: readonly Frame[]): readonly string[] {
  const violations: string[] = [];
  const seen: ChatSeen = { role: false, finished: 0, ended: false, calls: new Set() };
  for (const [position, frame] of frames.entries()) {
    const complain: Complain = (sentence) => violations.push(`frame ${position}: ${sentence}`);
    if (seen.ended) complain('follows the end');
    if (frame.event !== '') complain(`carries the event name ${frame.event}`);
    onChatFrame(seen, frame.data, complain);
  }
  if (!seen.ended) violations.push('the stream has neither [DONE] nor an error');
  return violations;
}

function onChatFrame(seen: ChatSeen, data: string, complain: Complain): void {
  if (data === '[DONE]') {
    if (seen.finished !== 1) complain(`[DONE] after ${seen.finished} finish reasons`);
    seen.ended = true;
    return;
  }
  const chunk = parseJson(data);
  if (!isObject(chunk)) return complain('is not a JSON object');
  if (chunk['error'] !== undefined) {
    if (!isObject(chunk['error'])) complain('has an error that is no object');
    seen.ended = true;
    return;
  }
  for (const [name, type] of [
    ['id', 'string'],
    ['model', 'string'],
    ['created', 'number'],
  ] as const)
    if (typeof chunk[name] !== type) complain(`has no ${name}`);
  if (chunk['object'] !== 'chat.completion.chunk') complain('is no chat.completion.chunk');
  if (!Array.isArray(chunk['choices'])) return complain('has no choices');
  for (const choice of arrayOf(chunk['choices'])) onChoice(seen, objectOf(choice) ?? {}, complain);
}

function onChoice(seen: ChatSeen, choice: JsonObject, complain: Complain): void {
  const { delta, finish_reason: finish } = choice;
  if (choice['index'] !== 0) complain('has a choice whose index is not 0');
  if (!isObject(delta)) return complain('has a choice without a delta');
  if (seen.finished > 0) complain('has a choice behind the finish reason');
  if (!seen.role && delta['role'] !== 'assistant') complain('is the first and has no role');
  seen.role = true;
  for (const name of ['content', 'refusal', 'reasoning_content'])
    if (delta[name] !== undefined && delta[name] !== null && typeof delta[name] !== 'string')
      complain(`has ${name} that is no text`);
  for (const call of arrayOf(delta['tool_calls'])) onCall(seen, objectOf(call) ?? {}, complain);
  if (finish === null) return;
  if (!FINISH_REASONS.includes(finish)) complain(`has the finish reason ${shown(finish)}`);
  seen.finished += 1;
}

function onCall(seen: ChatSeen, call: JsonObject, complain: Complain): void {
  const { index, id, type } = call;
  if (typeof index !== 'number') return complain('has a tool call without an index');
  const made = objectOf(call['function']);
  if (typeof made?.['arguments'] !== 'string') complain(`has no arguments for call ${index}`);
  if (seen.calls.has(index)) return;
  if (index !== seen.calls.size) complain(`starts call ${index} where call ${seen.calls.size} is due`);
  seen.calls.add(index);
  if (typeof id !== 'string' || type !== 'function' || typeof made?.['name'] !== 'string')
    complain(`starts call ${index} without id, type or name`);
}

interface MessageSeen {
  started: boolean;
  ended: boolean;
  /** True once `message_delta` came. */
  closing: boolean;
  nextBlock: number;
  open: { readonly index: number; readonly type: Json | undefined } | undefined;
}

/**
 * Holds a stream of message events against what the official client needs; empty when the stream is legal.
 * `message_stop` ends it, or an `error` event.
 */
export function checkAnthropicFrames(frames: readonly Frame[]): readonly string[] {
  const violations: string[] = [];
  const seen: MessageSeen = { started: false, ended: false, closing: false, nextBlock: 0, open: undefined };
  for (const [position, frame] of frames.entries()) {
    const complain: Complain = (sentence) => violations.push(`frame ${position} (${frame.event}): ${sentence}`);
    const data = parseJson(frame.data);
    if (seen.ended) complain('follows the end');
    if (!isObject(data)) complain('is not a JSON object');
    else onMessageFrame(seen, data, complain);
    if (objectOf(data)?.['type'] !== frame.event) complain('has a type that is not its event name');
  }
  if (!seen.ended) violations.push('the stream has neither message_stop nor an error');
  return violations;
}

function onMessageFrame(seen: MessageSeen, data: JsonObject, complain: Complain): void {
  const { type } = data;
  if (type === 'error') {
    if (typeof objectOf(data['error'])?.['type'] !== 'string') complain('has no error with a type');
    seen.ended = true;
    return;
  }
  if (type === 'message_start') return onMessageStart(seen, data, complain);
  if (!seen.started) complain('comes before message_start');
  if (type === 'ping') return;
  if (seen.closing && type !== 'message_stop') complain('comes behind message_delta');
  if (type === 'content_block_start') return onBlockStart(seen, data, complain);
  if (type === 'content_block_delta') return onBlockDelta(seen, data, complain);
  if (type === 'content_block_stop') {
    if (seen.open?.index !== data['index']) complain(`block ${shown(data['index'])} is not open`);
    seen.open = undefined;
  } else if (type === 'message_delta') onMessageDelta(seen, data, complain);
  else if (type === 'message_stop') {
    if (!seen.closing) complain('comes without message_delta');
    seen.ended = true;
  } else complain(`has the unknown type ${shown(type)}`);
}

function onMessageStart(seen: MessageSeen, data: JsonObject, complain: Complain): void {
  if (seen.started) complain('starts the message again');
  seen.started = true;
  const message = objectOf(data['message']) ?? {};
  const { id, model, content, role, type } = message;
  if (typeof id !== 'string' || typeof model !== 'string' || !Array.isArray(content) || content.length > 0)
    complain('has a message without id, model or empty content');
  if (role !== 'assistant' || type !== 'message') complain('has a message without role or type');
  checkUsage(message['usage'], ['input_tokens', 'output_tokens'], complain);
}

function onBlockStart(seen: MessageSeen, data: JsonObject, complain: Complain): void {
  const block = objectOf(data['content_block']);
  if (seen.open !== undefined) complain(`starts while block ${seen.open.index} is open`);
  if (data['index'] !== seen.nextBlock) complain(`starts block ${shown(data['index'])}, not ${seen.nextBlock}`);
  if (typeof block?.['type'] !== 'string') complain('has no content_block with a type');
  seen.open = { index: seen.nextBlock, type: block?.['type'] };
  seen.nextBlock += 1;
}

/** Delta type to the blocks it may come for, and its member that must be there. */
const DELTAS: Readonly<Record<string, { readonly blocks: RegExp; readonly member: string; readonly type: string }>> = {
  text_delta: { blocks: /^text$/, member: 'text', type: 'string' },
  citations_delta: { blocks: /^text$/, member: 'citation', type: 'object' },
  thinking_delta: { blocks: /^thinking$/, member: 'thinking', type: 'string' },
  signature_delta: { blocks: /^thinking$/, member: 'signature', type: 'string' },
  input_json_delta: { blocks: /tool_use$/, member: 'partial_json', type: 'string' },
};

function onBlockDelta(seen: MessageSeen, data: JsonObject, complain: Complain): void {
  const delta = objectOf(data['delta']) ?? {};
  if (seen.open === undefined || seen.open.index !== data['index'])
    return complain(`block ${shown(data['index'])} is not open`);
  const fitting = DELTAS[textOf(delta['type']) ?? ''];
  if (fitting === undefined) return complain(`has the unknown delta ${shown(delta['type'])}`);
  const { blocks, member, type } = fitting;
  if (!blocks.test(textOf(seen.open.type) ?? '')) complain(`has ${shown(delta['type'])} for ${shown(seen.open.type)}`);
  if (typeof delta[member] !== type) complain(`has no ${member}`);
}

function onMessageDelta(seen: MessageSeen, data: JsonObject, complain: Complain): void {
  if (seen.open !== undefined) complain(`comes while block ${seen.open.index} is open`);
  if (typeof objectOf(data['delta'])?.['stop_reason'] !== 'string') complain('has no stop_reason');
  checkUsage(data['usage'], ['output_tokens'], complain);
  seen.closing = true;
}

function checkUsage(usage: Json | undefined, names: readonly string[], complain: Complain): void {
  for (const name of names) if (typeof objectOf(usage)?.[name] !== 'number') complain(`has usage without ${name}`);
}
