import type { StreamEvent } from '../model/event.ts';
import { invalidRequest, type Failure } from '../model/failure.ts';
import { collect } from '../model/fold.ts';
import { streamAround } from '../plugins/around.ts';
import type { StreamNext } from '../plugins/middleware.ts';
import type { Loss } from '../wire/codec.ts';
import type { Ask } from './ask.ts';
import { beginCall, noteEnd, startTotal, tokensOf, type Begun } from './begin-call.ts';
import type { CallOptions } from './call-options.ts';
import type { CallRecord } from './call-record.ts';
import type { ClientContext } from './context.ts';
import { generatedOf, type Generated } from './generated.ts';
import { LlmError } from './llm-error.ts';
import { openStream, type OpenStream } from './open-stream.ts';
import { runCall } from './run-call.ts';

/**
 * The events of one answer, to be read once: as events, as `textStream`, or by `result()` alone. Read as events it never
 * throws for what happens upstream: the last event is then a `failure`. Nothing is sent before somebody reads. Leaving
 * the loop closes the connection.
 */
export interface GenerationStream extends AsyncIterable<StreamEvent> {
  /** The pieces of the answer's text as they come. Throws `LlmError` when the answer fails. */
  readonly textStream: AsyncIterable<string>;
  /** What of the request could not be carried to the provider that answers; known from the first event on. */
  readonly losses: readonly Loss[];
  /** Id of the provider that answers; absent before the first event, and when no provider was asked. */
  readonly provider: string | undefined;
  /** The whole answer. Reads the stream itself when nobody else does. Throws `LlmError` when it failed or was left early. */
  result(): Promise<Generated>;
}

/** Asks for a streamed answer. */
export function stream(client: ClientContext, ask: Ask, options: CallOptions): GenerationStream {
  const reading: Reading = { seen: [], record: undefined, ended: latch() };
  const events = converse(client, ask, { options, reading });
  let taken = false;
  const take = (): AsyncGenerator<StreamEvent> => {
    if (taken) throw new LlmError(READ_ALREADY);
    taken = true;
    return events;
  };
  return {
    [Symbol.asyncIterator]: take,
    textStream: { [Symbol.asyncIterator]: () => texts(take(), reading) },
    get losses() {
      return reading.record?.losses ?? [];
    },
    get provider() {
      return reading.record?.provider;
    },
    async result() {
      if (!taken) for await (const _ of take());
      await reading.ended.promise;
      return wholeOf(reading);
    },
  };
}

const READ_ALREADY = invalidRequest(
  'stream',
  'This stream is being read already. Call `stream` again for another one.',
);

/** What is known of a stream while it is read. */
interface Reading {
  readonly seen: StreamEvent[];
  /** Absent until the call has begun. */
  record: CallRecord | undefined;
  readonly ended: Latch;
}

/** A promise and what settles it. The language's own way of this is younger than Node 20. */
interface Latch {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function latch(): Latch {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

interface Conversation {
  readonly options: CallOptions;
  readonly reading: Reading;
}

async function* converse(
  client: ClientContext,
  ask: Ask,
  { options, reading }: Conversation,
): AsyncGenerator<StreamEvent> {
  const begun = beginCall(client, ask, { operation: 'stream', options });
  try {
    if (begun.ok) {
      const { record, call } = begun.value;
      reading.record = record;
      for await (const event of streamAround(client.plugins, innermost(client, begun.value))(call)) {
        reading.seen.push(event);
        record.event(event);
        yield event;
      }
      return;
    }
    const event = { type: 'failure', failure: begun.failure } as const;
    reading.seen.push(event);
    yield event;
  } finally {
    await endOf(reading);
    reading.ended.resolve();
  }
}

function endOf({ record, seen }: Reading): Promise<void> | undefined {
  const last = seen.at(-1);
  if (last?.type === 'failure') return record?.end('failed', last.failure);
  return record?.end(last?.type === 'finish' ? 'answered' : 'abandoned');
}

const innermost = (client: ClientContext, { record, settingsFor }: Begun): StreamNext =>
  async function* (call) {
    const request = { ...call.request, stream: true, streamUsage: true };
    const settings = settingsFor(request);
    if (!settings.ok) return yield { type: 'failure', failure: settings.failure };
    const total = startTotal(client, settings.value, call.signal);
    try {
      const opened = await runCall<OpenStream>(client, {
        settings: settings.value,
        record,
        signal: total.signal,
        tokens: await tokensOf(client, request),
        perform: (attempt) => openStream(client, attempt, request),
      });
      noteEnd(call, record, opened.ok ? undefined : opened.failure);
      if (!opened.ok) return yield { type: 'failure', failure: opened.failure };
      record.answered({ losses: opened.value.losses });
      yield* opened.value.events;
    } finally {
      total.stop();
    }
  };

async function* texts(events: AsyncGenerator<StreamEvent>, reading: Reading): AsyncGenerator<string> {
  const spoken = new Set<number>();
  for await (const event of events) {
    if (event.type === 'failure') throw new LlmError(event.failure, reading.record?.attempts);
    if (event.type === 'part-start' && event.part.type === 'text') {
      spoken.add(event.index);
      if (event.part.text !== '') yield event.part.text;
    }
    if (event.type === 'part-delta' && event.delta.type === 'text' && spoken.has(event.index)) yield event.delta.text;
  }
}

const LEFT_EARLY: Failure = { kind: 'cancelled', message: 'The stream was left before its end.' };

async function wholeOf({ seen, record }: Reading): Promise<Generated> {
  const last = seen.at(-1);
  if (last?.type === 'failure') throw new LlmError(last.failure, record?.attempts);
  if (last?.type !== 'finish' || record === undefined) throw new LlmError(LEFT_EARLY, record?.attempts);
  const whole = collect(seen);
  if (!whole.ok) throw new LlmError(whole.failure, record.attempts);
  return generatedOf(whole.value, record);
}
