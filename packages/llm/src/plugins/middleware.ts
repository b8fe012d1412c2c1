import type { StreamEvent } from '../model/event.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { GenerationResponse } from '../model/response.ts';

/** What everybody around one call may read and leave for others. One object per call, the same for all of them. */
export interface CallContext {
  /** Tells the call from others; opaque. */
  readonly requestId: string;
  /** When the call began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The model as the caller addressed it. */
  readonly model: string;
  /** The provider that answers; absent until it is known. */
  provider?: string;
  /** How the call failed; absent until it did. */
  failure?: Failure;
  /** Attempts after the first. */
  retries: number;
  /** For notes of whoever stands around the call. */
  readonly metadata: Map<string, unknown>;
}

/** One call on its way to a model. To change the request, pass on `{ ...call, request }`. */
export interface MiddlewareCall {
  readonly request: GenerationRequest;
  readonly signal?: AbortSignal;
  readonly context: CallContext;
}

/** What stands further in: other middleware, and at last the call itself. May be called again, e.g. to repair. */
export type GenerateNext = (call: MiddlewareCall) => Promise<Result<GenerationResponse>>;

/** As `GenerateNext`, for a streamed answer; the last event is `finish` or `failure`. Nothing is sent before it is read. */
export type StreamNext = (call: MiddlewareCall) => AsyncIterable<StreamEvent>;

/**
 * Stands around every call of a client: may look at it, change it, answer instead or ask again. What is absent is passed
 * through. Members of an answer that the client adds beside those of `GenerationResponse` survive when it is spread.
 */
export interface Middleware {
  /** Named in failures, and by which others place themselves before or after it. */
  readonly name: string;
  generate?(call: MiddlewareCall, next: GenerateNext): Promise<Result<GenerationResponse>>;
  stream?(call: MiddlewareCall, next: StreamNext): AsyncIterable<StreamEvent>;
}
