import type { APICallError } from '@ai-sdk/provider';
import { LlmError } from '../../client/llm-error.ts';
import type { Failure, FailureKind } from '../../model/failure.ts';

/** Kinds that the same call, later, may not meet again. */
const RETRYABLE = new Set<FailureKind>(['rate-limit', 'overloaded', 'upstream', 'network', 'timeout']);

/** What the AI SDK tells its own errors by, so that no copy of its package need be loaded here. */
const MARKERS = ['vercel.ai.error', 'vercel.ai.error.AI_APICallError'];

/**
 * A failure as the error that the AI SDK knows: `APICallError.isInstance` is true of it, and `isRetryable` says whether
 * the AI SDK's own retries make sense. The client has tried its accounts and targets before; `cause` has the `Failure`.
 */
function callError(failure: Failure, { model, request }: Asked): APICallError {
  const { retryAfterMs, raw, status } = failure;
  const error = Object.assign(new Error(failure.message, { cause: new LlmError(failure) }), {
    name: 'AI_APICallError',
    url: `patchbay:${model}`,
    requestBodyValues: request,
    ...(status !== undefined && { statusCode: status }),
    ...(retryAfterMs !== undefined && { responseHeaders: { 'retry-after-ms': String(Math.ceil(retryAfterMs)) } }),
    ...(raw !== undefined && { responseBody: JSON.stringify(raw.body) }),
    isRetryable: RETRYABLE.has(failure.kind),
    data: failure,
    ...Object.fromEntries(MARKERS.map((marker) => [Symbol.for(marker), true])),
  });
  // Cast: the class has one private member more, which nobody outside of it can read.
  return error as unknown as APICallError;
}

/** What was asked, for readers of the error. */
export interface Asked {
  readonly model: string;
  readonly request: unknown;
}

/** What is thrown for a failed call: the reason of an abort, else the AI SDK's own kind of error. */
export function callFailure(error: unknown, asked: Asked & { readonly signal: AbortSignal | undefined }): unknown {
  if (!(error instanceof LlmError)) return error;
  if (error.failure.kind === 'cancelled' && asked.signal?.aborted === true) return asked.signal.reason;
  return callError(error.failure, asked);
}
