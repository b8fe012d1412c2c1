import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  SharedV4Warning,
} from '@ai-sdk/provider';
import type { Client } from '../../client/create-client.ts';
import type { CallOptions } from '../../client/call-options.ts';
import { LlmError } from '../../client/llm-error.ts';
import type { StreamEvent } from '../../model/event.ts';
import { compact } from '../../wire/read.ts';
import { callFailure } from './call-error.ts';
import { decodeCall } from './decode-call.ts';
import { encodeFinish, encodeLoss, encodePart, encodeUsage } from './encode-content.ts';
import { encodeStream } from './encode-stream.ts';

/** Where a model's calls go. */
export interface ModelSettings {
  readonly client: Client;
  /** `provider/model`. */
  readonly address: string;
  /** Asked in this order when the model fails before its first output. */
  readonly fallbacks: readonly string[];
}

/** A model of the AI SDK, of the specification that version 7 of `ai` speaks. Files are sent as bytes, never as links. */
export function languageModel(settings: ModelSettings): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'patchbay',
    modelId: settings.address,
    // The AI SDK then fetches what links name: not every target takes links, and a fallback must get the same request.
    supportedUrls: {},
    doGenerate: (options) => generateWith(settings, options),
    doStream: (options) => streamWith(settings, options),
  };
}

/** One call as it goes to the client. */
interface Decoded {
  readonly request: ReturnType<typeof decodeCall>;
  readonly options: CallOptions;
  readonly warnings: SharedV4Warning[];
}

function decoded({ address, fallbacks }: ModelSettings, options: LanguageModelV4CallOptions): Decoded {
  const warnings: SharedV4Warning[] = [];
  const providerId = address.slice(0, Math.max(0, address.indexOf('/')));
  const { abortSignal: signal, headers } = options;
  return {
    request: decodeCall(address, options, { providerId, warnings }),
    warnings,
    options: {
      fallbacks,
      ...(signal !== undefined && { signal }),
      // Cast: the headers that are absent are left out.
      ...(headers !== undefined && { headers: compact(headers) as Record<string, string> }),
    },
  };
}

async function generateWith(
  settings: ModelSettings,
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4GenerateResult> {
  const { request, warnings, options: call } = decoded(settings, options);
  try {
    const answer = await settings.client.generate(request, call);
    return {
      content: answer.content.flatMap((part, at) => [...encodePart(part, String(at))]),
      finishReason: encodeFinish(answer.finish),
      usage: encodeUsage(answer.usage),
      request: { body: request },
      response: { id: answer.id, modelId: answer.model, timestamp: new Date(answer.createdAtMs) },
      warnings: [...warnings, ...answer.losses.map(encodeLoss)],
    };
  } catch (error) {
    throw callFailure(error, { model: settings.address, request, signal: options.abortSignal });
  }
}

/** Waits for the first output, so that what fails before is thrown and the AI SDK's own retries may have their turn. */
async function streamWith(
  settings: ModelSettings,
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4StreamResult> {
  const { request, warnings, options: call } = decoded(settings, options);
  const asked = { model: settings.address, request, signal: options.abortSignal };
  const opened = settings.client.stream(request, call);
  const events = opened[Symbol.asyncIterator]();
  const first = await events.next();
  if (first.done !== true && first.value.type === 'failure') {
    await events.return?.();
    throw callFailure(new LlmError(first.value.failure), asked);
  }
  const { losses } = opened;
  const machine = encodeStream({
    warnings: [...warnings, ...losses.map(encodeLoss)],
    errorOf: (failure) => callFailure(new LlmError(failure), asked),
  });
  const state = machine.initial();
  let next: IteratorResult<StreamEvent> | undefined = first;
  const stream = new ReadableStream<LanguageModelV4StreamPart>(
    {
      async pull(controller) {
        for (let written = 0; written === 0;) {
          const { done, value } = next ?? (await events.next());
          next = undefined;
          if (done === true) return controller.close();
          for (const part of machine.step(state, value)) {
            controller.enqueue(part);
            written += 1;
          }
        }
      },
      async cancel() {
        await events.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, request: { body: request } };
}
