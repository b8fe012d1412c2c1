import { systemClock, type Clock } from '../model/clock.ts';
import type { StreamEvent } from '../model/event.ts';
import type { FinishReason } from '../model/finish.ts';
import { collect, replay } from '../model/fold.ts';
import { ok } from '../model/failure.ts';
import type { GenerationResponse } from '../model/response.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Middleware, MiddlewareCall } from './middleware.ts';

/** How answers are remembered. */
export interface ResponseCacheOptions {
  readonly clock?: Clock;
  /** How long an answer is given again, in milliseconds. Default 300 000 (five minutes). */
  readonly ttlMs?: number;
  /** Answers remembered; the one used longest ago makes room. Default 1 000. */
  readonly entriesMax?: number;
  /** All answers and their questions together, in UTF-16 code units of their JSON. Default 16 777 216. */
  readonly sizeMax?: number;
  /**
   * Whose answers a call may share: those with the same word. `undefined` keeps the call away from the cache. Default: all
   * calls of the client share. Give one when calls bring credentials or permissions of their own.
   */
  readonly scope?: (call: MiddlewareCall) => string | undefined;
}

/** A cache to put among a client's `plugins`. */
export interface ResponseCache extends Required<Middleware> {
  /** Answers remembered now, those that are too old included. */
  readonly size: number;
  clear(): void;
}

/** Where the cache leaves word in a call's `context.metadata`: `hit` or `miss`. */
export const CACHE_NOTE = 'cache';

/** Ends of answers that are worth giving again; all others were cut short or refused. */
const WHOLE: ReadonlySet<FinishReason> = new Set(['stop', 'stop-sequence', 'tool-calls', 'length']);

/**
 * Gives the answer to a request again when the very same request comes: model, messages, tools and every setting count,
 * only whether it is streamed does not. Failures are never remembered. A streamed answer is remembered when it was read to
 * its end, and one that is given again is streamed in whole parts.
 */
export function createResponseCache(options: ResponseCacheOptions = {}): ResponseCache {
  const store = createStore(options);
  const keyOf = (call: MiddlewareCall): string | undefined => {
    const scope = options.scope === undefined ? '' : options.scope(call);
    const { stream: _stream, streamUsage: _streamUsage, ...request } = call.request;
    return scope === undefined ? undefined : canonicalJson([scope, request]);
  };
  const recall = (call: MiddlewareCall, key: string): GenerationResponse | undefined => {
    const known = store.get(key);
    call.context.metadata.set(CACHE_NOTE, known ? 'hit' : 'miss');
    return known;
  };
  return {
    name: 'response-cache',
    get size() {
      return store.count();
    },
    clear: store.clear,
    async generate(call, next) {
      const key = keyOf(call);
      if (key === undefined) return next(call);
      const known = recall(call, key);
      if (known !== undefined) return ok(known);
      const result = await next(call);
      if (result.ok) store.set(key, result.value);
      return result;
    },
    async *stream(call, next) {
      const key = keyOf(call);
      const known = key === undefined ? undefined : recall(call, key);
      if (known !== undefined) return yield* replay(known);
      const seen: StreamEvent[] = [];
      for await (const event of next(call)) {
        if (key !== undefined) seen.push(event);
        yield event;
      }
      const whole = key === undefined ? undefined : collect(seen);
      if (key !== undefined && whole?.ok) store.set(key, whole.value);
    },
  };
}

interface Entry {
  readonly response: GenerationResponse;
  readonly untilMs: number;
  readonly size: number;
}

/** Answers by key, the one used longest ago first. */
function createStore({
  clock = systemClock,
  ttlMs = 300_000,
  entriesMax = 1000,
  sizeMax = 2 ** 24,
}: ResponseCacheOptions) {
  const entries = new Map<string, Entry>();
  let size = 0;
  const drop = (key: string): void => {
    size -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  };
  return {
    count: () => entries.size,
    clear: () => {
      entries.clear();
      size = 0;
    },
    get(key: string): GenerationResponse | undefined {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      if (entry.untilMs > clock.monotonicMs()) return entry.response;
      drop(key);
      return undefined;
    },
    set(key: string, response: GenerationResponse): void {
      drop(key);
      const entry = {
        response,
        untilMs: clock.monotonicMs() + ttlMs,
        size: key.length + JSON.stringify(response).length,
      };
      if (!WHOLE.has(response.finish.reason) || entry.size > sizeMax) return;
      entries.set(key, entry);
      size += entry.size;
      for (const oldest of entries.keys()) {
        if (entries.size <= entriesMax && size <= sizeMax) break;
        drop(oldest);
      }
    },
  };
}
