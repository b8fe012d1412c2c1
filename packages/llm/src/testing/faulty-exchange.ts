import { systemClock, type Clock } from '../model/clock.ts';
import { failed, ok, type Failure } from '../model/failure.ts';
import type { Exchange, UpstreamRequest, UpstreamResponse } from '../transport/exchange.ts';

/** Something that goes wrong with one request. */
export type Fault =
  /** The answer begins so many milliseconds later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Nobody listens. */
  | { readonly kind: 'refuse' }
  /** The connection breaks before an answer. */
  | { readonly kind: 'reset' }
  /** Nothing ever comes, not even headers. */
  | { readonly kind: 'silence' }
  /** Another answer than the provider's. Default body: an error in OpenAI's shape, which others read as well. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterS?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection breaks after so many bytes of the answer: 0 is right after the headers. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Nothing more comes after so many bytes of the answer. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** The answer comes in pieces of so many bytes, with a pause before each. */
  | { readonly kind: 'trickle'; readonly bytes: number; readonly paceMs: number };

/** What goes wrong with which request: a list in turn, and nothing after its end, or a function. Requests count from 1. */
export type FaultPlan =
  | readonly (Fault | undefined)[]
  | ((request: UpstreamRequest, count: number) => Fault | undefined);

/** The same exchange with things that go wrong. Every fault looks as it does on a real connection. */
export function faultyExchange(
  inner: Exchange,
  plan: FaultPlan,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Exchange {
  let count = 0;
  return {
    async send(request, signal) {
      count += 1;
      const fault = typeof plan === 'function' ? plan(request, count) : plan[count - 1];
      if (fault === undefined) return inner.send(request, signal);
      const early = await beforeAnswer(fault, clock, signal);
      if (early !== undefined) return 'status' in early ? ok(early) : failed(early.failure);
      const answered = await inner.send(request, signal);
      if (!answered.ok) return answered;
      return ok({ ...answered.value, body: faultyBody(answered.value.body, fault, { clock, signal }) });
    },
  };
}

/** What the platform says of a broken connection. */
const network = (code: string): Failure => ({
  kind: 'network',
  message: `The provider could not be reached (${code}).`,
  code,
});

const LEFT = { failure: { kind: 'cancelled', message: 'The request was cancelled.' } } as const;

async function beforeAnswer(
  fault: Fault,
  clock: Clock,
  signal: AbortSignal,
): Promise<UpstreamResponse | { readonly failure: Failure } | undefined> {
  if (fault.kind === 'refuse') return { failure: network('ECONNREFUSED') };
  if (fault.kind === 'reset') return { failure: network('ECONNRESET') };
  if (fault.kind === 'status') return statusAnswer(fault);
  if (fault.kind === 'delay') await clock.sleep(fault.ms, signal);
  if (fault.kind === 'silence') await untilAborted(signal);
  return signal.aborted ? LEFT : undefined;
}

function statusAnswer({
  status,
  retryAfterS,
  headers = {},
  body,
}: Extract<Fault, { kind: 'status' }>): UpstreamResponse {
  const error = { message: `The fault answers ${status}.`, type: 'fault', code: null };
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
      ...headers,
    },
    body: oneChunk(body ?? JSON.stringify({ error })),
  };
}

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

async function* faultyBody(
  body: UpstreamResponse['body'],
  fault: Fault,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  if (fault.kind === 'trickle') return yield* trickled(body, fault, { clock, signal });
  if (fault.kind !== 'cut' && fault.kind !== 'stall') return yield* body;
  let left = fault.afterBytes;
  if (left > 0)
    for await (const chunk of body) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left <= 0) break;
    }
  if (fault.kind === 'stall') await untilAborted(signal);
  signal.throwIfAborted();
  // As `fetch` has it where a body breaks off.
  throw new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'ECONNRESET' }) });
}

async function* trickled(
  body: UpstreamResponse['body'],
  { bytes, paceMs }: Extract<Fault, { kind: 'trickle' }>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body)
    for (let at = 0; at < chunk.length; at += Math.max(1, bytes)) {
      await clock.sleep(paceMs, signal);
      signal.throwIfAborted();
      yield chunk.subarray(at, at + Math.max(1, bytes));
    }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
