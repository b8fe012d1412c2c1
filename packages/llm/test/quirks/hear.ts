import assert from 'node:assert/strict';

import type { StreamEvent } from '../../src/model/event.ts';
import { collect } from '../../src/model/fold.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { checkEventGrammar } from '../../src/testing/event-grammar.ts';
import { play } from '../../src/testing/play.ts';
import { checkAnthropicFrames, checkOpenAiChatFrames } from '../../src/testing/wire-grammar.ts';
import { SseDecoder } from '../../src/transport/sse-decode.ts';
import { pullFrames } from '../../src/transport/pull-frames.ts';
import { run, type ClientCodec, type UpstreamCodec } from '../../src/wire/codec.ts';
import { WIRE_FORMATS, type ServedFormatId } from '../../src/wire/registry.ts';

const REQUEST: GenerationRequest = { model: 'm', messages: [], stream: true, streamUsage: true };

/** What an answer says, as plainly as possible. */
export interface Heard {
  readonly text: string;
  readonly thought: string;
  /** Names and arguments, in order. */
  readonly calls: readonly (readonly [name: string, args: string])[];
  readonly ids: readonly string[];
  readonly finish: string;
  readonly usage: readonly [input: number, output: number] | undefined;
  readonly failure: string | undefined;
}

const NOTHING: Heard = { text: '', thought: '', calls: [], ids: [], finish: '', usage: undefined, failure: undefined };

/** What only some samples say. */
export const heard = (some: Partial<Omit<Heard, 'ids'>>): Omit<Heard, 'ids'> => {
  const { ids: _, ...rest } = { ...NOTHING, ...some };
  return rest;
};

const SIZES = [1, 2, 7, Infinity];

/**
 * What we hear of a recorded stream, which must be the same however its bytes come, and must reach callers of every
 * dialect as a stream that their clients read.
 */
export async function hear(format: ServedFormatId, sse: string, dialect: object = {}): Promise<Heard> {
  const all = await Promise.all(SIZES.map((size) => eventsOf(format, sse, { size, dialect })));
  const [events = []] = all;
  for (const other of all) assert.deepEqual(other, events);
  assert.deepEqual(checkEventGrammar(events), []);
  assert.deepEqual(checkOpenAiChatFrames(play(WIRE_FORMATS['openai-chat'].encodeStream(REQUEST), events)), []);
  assert.deepEqual(checkAnthropicFrames(play(WIRE_FORMATS['anthropic-messages'].encodeStream(REQUEST), events)), []);
  for (const codec of [WIRE_FORMATS.gemini, WIRE_FORMATS['openai-responses']] as readonly ClientCodec[])
    play(codec.encodeStream(REQUEST), events);
  return plain(events);
}

async function eventsOf(
  format: ServedFormatId,
  sse: string,
  { size, dialect }: { readonly size: number; readonly dialect: object },
): Promise<readonly StreamEvent[]> {
  const codec = WIRE_FORMATS[format] as UpstreamCodec<object>;
  const events: StreamEvent[] = [];
  const frames = pullFrames(new SseDecoder(), inPieces(sse, size));
  for await (const event of run(codec.decodeStream(dialect), frames)) events.push(event);
  return events;
}

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function plain(events: readonly StreamEvent[]): Heard {
  const failure = events.find((event) => event.type === 'failure')?.failure;
  // A failure ends an answer, but what was said before it was said.
  const said =
    failure === undefined ? events : [...closed(events), { type: 'finish', finish: { reason: 'stop' } } as const];
  const answer = collect(said);
  assert.ok(answer.ok);
  const { content, finish, usage } = answer.value;
  const calls = content.filter((part) => part.type === 'tool-call');
  return {
    text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    thought: content.map((part) => (part.type === 'reasoning' ? part.text : '')).join(''),
    calls: calls.map(({ name, argumentsJson }) => [name, argumentsJson]),
    ids: calls.map(({ id }) => id),
    finish: failure === undefined ? finish.reason : '',
    usage: usage && [usage.inputTokens, usage.outputTokens],
    failure: failure?.kind,
  };
}

const closed = (events: readonly StreamEvent[]): readonly StreamEvent[] =>
  events.filter(({ type }) => type !== 'failure');
