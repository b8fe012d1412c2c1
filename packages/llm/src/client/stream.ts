import type { StreamEvent } from '../model/event.ts';
import type { Failure } from '../model/failure.ts';
import { collect } from '../model/fold.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { Loss } from '../wire/codec.ts';
import type { CallOptions, ClientContext } from './context.ts';
import type { Generated } from './generate.ts';
import { LlmError } from './llm-error.ts';
import { openStream, type OpenStream } from './open-stream.ts';
import { runCall } from './run-call.ts';
import { startWatchdog } from './watchdog.ts';

/**
 * The events of one answer, to be read once. It never throws for what happens upstream: the last event is then a
 * `failure`. Nothing is sent before the first event is asked for.
 */
export interface GenerationStream extends AsyncIterable<StreamEvent> {
  /** The whole answer. Reads the stream itself when nobody else does. Throws `LlmError` when it failed. */
  result(): Promise<Generated>;
}

/** Asks for a streamed answer. */
export function stream(client: ClientContext, request: GenerationRequest, options: CallOptions): GenerationStream {
  const seen: StreamEvent[] = [];
  const losses: Loss[] = [];
  const ended = Promise.withResolvers<void>();
  const asked = { ...request, stream: true, streamUsage: true };
  const events = recorded({ events: converse(client, asked, { options, losses }), seen, onEnd: ended.resolve });
  let taken = false;
  const take = (): AsyncGenerator<StreamEvent> => {
    taken = true;
    return events;
  };
  return {
    [Symbol.asyncIterator]: take,
    async result() {
      if (!taken) for await (const _ of take());
      await ended.promise;
      return wholeOf(seen, losses);
    },
  };
}

interface Conversation {
  readonly options: CallOptions;
  /** Filled once the answering attempt is known. */
  readonly losses: Loss[];
}

async function* converse(
  client: ClientContext,
  request: GenerationRequest,
  { options, losses }: Conversation,
): AsyncGenerator<StreamEvent> {
  const total = startWatchdog(client.clock, options.signal);
  total.arm('total', client.timeouts.totalMs);
  try {
    const opened = await runCall<OpenStream>(client, {
      model: request.model,
      signal: total.signal,
      perform: (attempt) => openStream(client, attempt, request),
    });
    if (!opened.ok) return yield { type: 'failure', failure: opened.failure };
    losses.push(...opened.value.losses);
    yield* opened.value.events;
  } finally {
    total.stop();
  }
}

interface Recording {
  readonly events: AsyncIterable<StreamEvent>;
  readonly seen: StreamEvent[];
  readonly onEnd: () => void;
}

async function* recorded({ events, seen, onEnd }: Recording): AsyncGenerator<StreamEvent> {
  try {
    for await (const event of events) {
      seen.push(event);
      yield event;
    }
  } finally {
    onEnd();
  }
}

const LEFT_EARLY: Failure = { kind: 'cancelled', message: 'The stream was left before its end.' };

function wholeOf(seen: readonly StreamEvent[], losses: readonly Loss[]): Generated {
  const last = seen.at(-1);
  if (last?.type === 'failure') throw new LlmError(last.failure);
  if (last?.type !== 'finish') throw new LlmError(LEFT_EARLY);
  const whole = collect(seen);
  if (!whole.ok) throw new LlmError(whole.failure);
  return { ...whole.value, losses };
}
