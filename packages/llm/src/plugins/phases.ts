import type { StreamEvent } from '../model/event.ts';
import { failed, type Failure } from '../model/failure.ts';
import type { GenerationRequest } from '../model/request.ts';
import type { GenerationResponse } from '../model/response.ts';
import type { CallContext, Middleware } from './middleware.ts';
import { named } from './plugin-error.ts';

/** What may be done before and after a call; what is absent changes nothing. What one throws ends the call with its name. */
export interface Phases {
  readonly name: string;
  /** The request to go on with. */
  request?(request: GenerationRequest, context: CallContext): GenerationRequest | Promise<GenerationRequest>;
  /** The answer to go on with; for whole answers. */
  response?(response: GenerationResponse, context: CallContext): GenerationResponse | Promise<GenerationResponse>;
  /** The event to go on with; for streamed answers. */
  event?(event: StreamEvent, context: CallContext): StreamEvent | Promise<StreamEvent>;
  /** Is told of a failure, whole or streamed. */
  failure?(failure: Failure, context: CallContext): void | Promise<void>;
}

/** Middleware of phases, for those who need not stand around the whole call. */
export function phases(phased: Phases): Middleware {
  const { name } = phased;
  const before = async (request: GenerationRequest, context: CallContext): Promise<GenerationRequest> =>
    phased.request === undefined
      ? request
      : named(name, 'request', () => phased.request?.(request, context) ?? request);
  const told = async (failure: Failure, context: CallContext): Promise<void> => {
    context.failure = failure;
    await named(name, 'failure', () => phased.failure?.(failure, context));
  };
  return {
    name,
    async generate(call, next) {
      const { context } = call;
      const result = await next({ ...call, request: await before(call.request, context) });
      if (!result.ok) {
        await told(result.failure, context);
        return failed(result.failure);
      }
      const value = await named(name, 'response', () => phased.response?.(result.value, context) ?? result.value);
      return { ok: true, value };
    },
    async *stream(call, next) {
      const { context } = call;
      for await (const event of next({ ...call, request: await before(call.request, context) })) {
        if (event.type === 'failure') await told(event.failure, context);
        yield phased.event === undefined
          ? event
          : await named(name, 'event', () => phased.event?.(event, context) ?? event);
      }
    },
  };
}
