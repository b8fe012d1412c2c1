import type { OperationFailure } from '@patchbay/contract';
import { backendErrorOf } from '@patchbay/llm/backend/backend-error';
import { within } from '@patchbay/llm/backend/context';
import { startHearing } from '@patchbay/llm/backend/hear-answer';
import { presentAnswer, presentChunk, type GeneratedAnswer } from '@patchbay/llm/backend/present';
import { readGenerate, readTest, type GenerateRequest } from '@patchbay/llm/backend/read-generate';
import { streamEvents } from '@patchbay/llm/backend/stream-events';
import { newChatStream, type ChatCompletionChunk } from '@patchbay/llm/kit/chat-stream';
import { chunksOfAnswer, chunksOfEvents } from '@patchbay/llm/kit/chunks-of';
import { providerErrorOf, type ErrorPlace } from '@patchbay/llm/kit/provider-error';
import { requestOf } from '@patchbay/llm/kit/request-of';
import type { StreamEvent } from '@patchbay/llm/model/event';
import type { Failure, Result } from '@patchbay/llm/model/failure';
import type { JsonObject } from '@patchbay/llm/model/json';
import type { GenerationRequest } from '@patchbay/llm/model/request';

import { refused, type Answer, type Circumstances, type Handlers } from '../handler.ts';
import { missing, mistakeOf, noAnswer, unknownProvider } from './failures.ts';
import { callOf, kitEnveloped, type KitParts } from './parts.ts';
import { usualModelOf } from './providers.ts';
import { ToldEvents } from './told-events.ts';

type Handled = Handlers<'kit.generate' | 'kit.test'>;

/** Longest wait for the answer to a test, in milliseconds. */
const TEST_MS = 30_000;

/** Questions, on behalf of whoever asks them. */
export const questionHandlers = (parts: KitParts): Handled => ({
  'kit.generate': async ({ body }, circumstances) => {
    const question = questionIn(parts, readGenerate(body as JsonObject), circumstances);
    if ('failure' in question) return refused(question.failure);
    if (question.asked.options.stream === true) return streamed(parts, question, circumstances);
    const call = callOf(circumstances, '/api/generate');
    const answered = await parts.chat(question.request, call);
    if (!answered.ok) return refused(noAnswer('GENERATION_ERROR', answered.failure, question.place));
    const answer = presentAnswer(heardIn(question, chunksOfAnswer(answered.value)));
    return { ok: true, value: kitEnveloped(parts, circumstances, answer) };
  },
  'kit.test': async ({ params: { name }, body }, circumstances) => {
    const { clock } = parts;
    const question = questionIn(parts, readTest(body as JsonObject, name), circumstances);
    if ('failure' in question) return refused(question.failure);
    const startedMs = clock.monotonicMs();
    return within(clock, TEST_MS, circumstances.signal, async (signal) => {
      const call = callOf({ ...circumstances, signal }, '/api/providers/{name}/test');
      const answered = await parts.chat(question.request, call);
      if (!answered.ok) return refused(noAnswer('TEST_FAILED', answered.failure, { ...question.place, signal }));
      const { content: response, model, usage } = presentAnswer(heardIn(question, chunksOfAnswer(answered.value)));
      const data = {
        status: 'success' as const,
        provider: name,
        model,
        prompt: question.asked.options.prompt ?? '',
        response,
        response_time: Math.round(clock.monotonicMs() - startedMs),
        ...(usage && { usage }),
      };
      return { ok: true, value: kitEnveloped(parts, circumstances, data) };
    });
  },
});

/** A question that can be asked. */
interface Question {
  readonly asked: GenerateRequest;
  readonly request: GenerationRequest;
  /** The provider's name, as the answer and errors have it. */
  readonly place: ErrorPlace;
  readonly model: string;
}

function questionIn(
  parts: KitParts,
  read: Result<GenerateRequest>,
  circumstances: Circumstances,
): Question | { readonly failure: OperationFailure } {
  if (!read.ok) return { failure: mistakeOf(read.failure) };
  const { provider, options } = read.value;
  const { runtimes } = parts.registry.current();
  if (provider !== undefined && !runtimes.has(provider)) return { failure: unknownProvider(provider, runtimes.keys()) };
  const model = options.model ?? (provider === undefined ? '' : usualModelOf(parts, provider));
  if (model === '')
    return { failure: missing('model', 'Name a `model`, and a `provider` where it is not clear whose.') };
  const request = requestOf(options, provider === undefined ? model : `${provider}/${model}`);
  if (!request.ok) return { failure: mistakeOf(request.failure) };
  const { principal, requestId } = circumstances;
  const name = provider ?? parts.providerOf(model, principal?.caller?.userId) ?? '';
  const place = { provider: name === '' ? 'patchbay' : name, operation: 'generate', requestId };
  return { asked: read.value, request: request.value, place, model };
}

function heardIn({ asked, place, model }: Question, chunks: Iterable<ChatCompletionChunk>): GeneratedAnswer {
  const heard = startHearing();
  for (const chunk of chunks) heard.hear(chunk);
  return heard.answer({ request: asked, name: place.provider, model });
}

/** What fails before the first chunk is an answer with its own status; what fails later is the stream's last event. */
async function streamed(
  parts: KitParts,
  { request, place }: Question,
  circumstances: Circumstances,
): Promise<Answer<never>> {
  const left = new AbortController();
  const told = new ToldEvents<StreamEvent>();
  const signal = AbortSignal.any([circumstances.signal, left.signal]);
  const call = { ...callOf(circumstances, '/api/generate'), signal };
  void parts.chat(request, { ...call, onEvents: (events) => told.tell(events) }).then(
    (answered) => {
      if (!answered.ok) told.tell([{ type: 'failure', failure: answered.failure }]);
      told.end();
    },
    (fault: unknown) => told.end(fault),
  );
  let failure: Failure | undefined;
  const chunks = chunksOfEvents(told.read(), (met) => {
    failure = met;
    return providerErrorOf(met, place);
  });
  const first = await chunks.next().catch((error: unknown) => {
    if (failure === undefined) throw error;
    return failure;
  });
  if ('kind' in first) return refused(noAnswer('GENERATION_ERROR', first, place));
  return eventsOf(first.done === true ? [] : [first.value], chunks, left);
}

function eventsOf(
  begun: readonly ChatCompletionChunk[],
  rest: AsyncGenerator<ChatCompletionChunk>,
  left: AbortController,
): Answer<never> {
  let isDone = false;
  async function* all(): AsyncGenerator<ChatCompletionChunk> {
    for await (const chunk of joined(begun, rest)) {
      isDone ||= chunk.done;
      yield chunk;
    }
  }
  const stream = newChatStream(all(), () => {
    // A call whose answer is whole comes to its own end, and is written down as such.
    if (!isDone) left.abort();
  });
  const { body, headers } = streamEvents(stream, {
    show: (chunk) => Promise.resolve(presentChunk(chunk)),
    failed: (error) => Promise.resolve(backendErrorOf('STREAM_ERROR', error)),
  });
  // There is no whole answer to show: its pieces stand in its place.
  const value = undefined as never;
  const of = textOf(body ?? new ReadableStream());
  return { ok: true, value, headers: Object.fromEntries(headers), pieces: { of } };
}

async function* joined<T>(first: Iterable<T>, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* rest;
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
}
