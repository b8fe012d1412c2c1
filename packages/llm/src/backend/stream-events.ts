import type { ChatCompletionChunk, ChatCompletionStream } from '../kit/chat-stream.ts';
import { encodeFrame } from '../transport/sse-encode.ts';
import type { BackendError } from './backend-error.ts';

/** How the chunks of an answer become events. */
export interface EventShapes {
  /** What is sent of a chunk; may throw. */
  readonly show: (chunk: ChatCompletionChunk) => Promise<unknown>;
  /** What is said when the answer breaks. */
  readonly failed: (error: unknown) => Promise<Pick<BackendError, 'code' | 'message' | 'details'>>;
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // Otherwise nginx holds events back.
  'x-accel-buffering': 'no',
};

/**
 * An answer as server-sent events: `data: {chunk}` for each chunk, then `data: [DONE]`. One that breaks ends with
 * `data: {"error":{code,message,details}}` and without `[DONE]`, so that nobody takes half an answer for a whole one. Only
 * as much is read as is sent; a caller who leaves ends the answer at its provider.
 */
export function streamEvents(stream: ChatCompletionStream, { show, failed }: EventShapes): Response {
  const encoder = new TextEncoder();
  const frame = (data: string): Uint8Array => encoder.encode(encodeFrame({ event: '', data }));
  const chunks = stream[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await chunks.next();
          if (next.done !== true) return controller.enqueue(frame(JSON.stringify(await show(next.value))));
          controller.enqueue(frame('[DONE]'));
        } catch (error) {
          await stream.close();
          const { code, message, details } = await failed(error);
          controller.enqueue(frame(JSON.stringify({ error: { code, message, ...(details && { details }) } })));
        }
        controller.close();
      },
      cancel: () => stream.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: HEADERS });
}
