import type { CallOptions } from '../../client/call-options.ts';
import type { Client } from '../../client/create-client.ts';
import { LlmError } from '../../client/llm-error.ts';
import type { StreamEvent } from '../../model/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { FRAMING_TYPES } from '../../transport/framing-types.ts';
import { encodeFrame } from '../../transport/sse-encode.ts';
import type { ClientCodec, Frame, Loss, StreamMachine } from '../../wire/codec.ts';
import { lossesHeader } from '../../wire/losses-header.ts';
import { WIRE_FORMATS, type ServedFormatId } from '../../wire/registry.ts';
import { retryAdvice } from '../../wire/retry-advice.ts';

/** A request of an SDK, read, and where it may go. */
export interface Asking {
  readonly client: Client;
  readonly format: ServedFormatId;
  readonly request: GenerationRequest;
  /** In the order in which they are asked. */
  readonly models: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** A stream as one JSON list instead of events. */
  readonly list: boolean;
}

/** Performs a call and answers in the caller's dialect. Rejects as `fetch` does when it is aborted before it answers. */
export async function answerCall(asking: Asking): Promise<Response> {
  try {
    return await (asking.request.stream ? streamed(asking) : whole(asking));
  } catch (error) {
    return failureAnswer(asking.format, failureOf(error, asking.signal));
  }
}

/** The failure that an error carries. Throws the reason of an abort, and whatever is no failure. */
export function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) throw signal.reason;
  if (error instanceof LlmError) return error.failure;
  throw error;
}

/** A failure in the caller's dialect. */
export function failureAnswer(format: ServedFormatId, failure: Failure): Response {
  const { status, body } = WIRE_FORMATS[format].encodeFailure(failure);
  return Response.json(body, { status, headers: retryAdvice(failure) });
}

const callOptions = ({ format, headers, signal, models }: Asking): CallOptions => ({
  format,
  headers,
  signal,
  fallbacks: models.slice(1),
});

const codecOf = (format: ServedFormatId): ClientCodec => WIRE_FORMATS[format];

async function whole(asking: Asking): Promise<Response> {
  const { client, format, request, models } = asking;
  const answer = await client.generate({ ...request, model: models[0] ?? '' }, callOptions(asking));
  const { body, losses } = codecOf(format).encodeResponse(answer, request);
  return Response.json(body, { headers: headersOf([...answer.losses, ...losses], answer.provider) });
}

const headersOf = (losses: readonly Loss[], provider: string | undefined): Record<string, string> => ({
  ...lossesHeader(losses),
  ...(provider !== undefined && { 'x-patchbay-provider': provider }),
});

/** Answers once the first output is there: what fails before it is answered as a failure, with its status. */
async function streamed(asking: Asking): Promise<Response> {
  const { client, format, request, models, list, signal } = asking;
  const stream = client.stream({ ...request, model: models[0] ?? '' }, callOptions(asking));
  const events = stream[Symbol.asyncIterator]();
  const first = await events.next();
  if (first.done !== true && first.value.type === 'failure') {
    await events.return?.();
    throw new LlmError(first.value.failure);
  }
  const written = writtenFrames(codecOf(format).encodeStream(request), { first, events }, signal);
  const body = bytesOf(list ? listed(written) : evented(written));
  const type = list ? 'application/json' : FRAMING_TYPES.sse;
  return new Response(body, { headers: { 'content-type': type, ...headersOf(stream.losses, stream.provider) } });
}

interface Events {
  readonly first: IteratorResult<StreamEvent>;
  readonly events: AsyncIterator<StreamEvent>;
}

/** The frames of each event, as lists that are never empty. Breaks with the reason of an abort, as a connection would. */
async function* writtenFrames(
  machine: StreamMachine<StreamEvent, Frame, unknown>,
  { first, events }: Events,
  signal: AbortSignal,
): AsyncGenerator<readonly Frame[]> {
  const state = machine.initial();
  try {
    for (let next = first; next.done !== true; next = await events.next()) {
      signal.throwIfAborted();
      const frames = machine.step(state, next.value);
      if (frames.length > 0) yield frames;
    }
    const frames = machine.end(state);
    if (frames.length > 0) yield frames;
  } finally {
    await events.return?.();
  }
}

async function* evented(written: AsyncIterable<readonly Frame[]>): AsyncGenerator<string> {
  for await (const frames of written) yield frames.map(encodeFrame).join('');
}

/** What Google answers callers who do not ask for events: one JSON list, whose elements leave one by one. */
async function* listed(written: AsyncIterable<readonly Frame[]>): AsyncGenerator<string> {
  let separator = '[';
  for await (const frames of written)
    for (const { data } of frames) {
      yield separator + data;
      separator = ',\r\n';
    }
  yield separator === '[' ? '[]' : ']';
}

/** Text as a body that is made while it is read; leaving it closes what it is made of. */
function bytesOf(text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await text.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await text.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
