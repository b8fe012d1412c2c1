import type { GenerateNext, Middleware, StreamNext } from './middleware.ts';

/** `inner` with all of these around it, the first outermost. */
export const generateAround = (all: readonly Middleware[], inner: GenerateNext): GenerateNext =>
  all.reduceRight<GenerateNext>((next, each) => (call) => each.generate?.(call, next) ?? next(call), inner);

/** As `generateAround`, for streams. */
export const streamAround = (all: readonly Middleware[], inner: StreamNext): StreamNext =>
  all.reduceRight<StreamNext>((next, each) => (call) => each.stream?.(call, next) ?? next(call), inner);
