import type { Clock } from '../model/clock.ts';

/** One who takes part: starts at once, ends when `signal` is aborted, and resolves with what it brought. */
export interface Racer<T> {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<T>;
}

/** One who arrived. */
export interface Arrival<T> {
  readonly name: string;
  /** Its place among the racers. */
  readonly index: number;
  readonly value: T;
  /** From the start, in milliseconds. */
  readonly latencyMs: number;
}

/** How a race is run. */
export interface RaceRules<T> {
  readonly racers: readonly Racer<T>[];
  readonly clock: Clock;
  /** Aborting it ends the race and everybody in it. */
  readonly signal?: AbortSignal;
  /** How long anybody may take to arrive, in milliseconds; 0 sets no bound. */
  readonly timeoutMs: number;
  /** How long others are waited for after the first arrival, in milliseconds. */
  readonly graceMs: number;
  /** Picks among those who arrived in time, in the order of their arrival; the first is there always. */
  readonly choose: (arrivals: readonly [Arrival<T>, ...Arrival<T>[]]) => Arrival<T>;
  /** Lets go of what a loser brought. */
  readonly discard: (value: T) => void;
}

/** How a race ended. `errors` are those of racers who fell, by their places. */
export type RaceEnd<T> =
  | { readonly kind: 'won'; readonly winner: Arrival<T> }
  | { readonly kind: 'lost'; readonly errors: readonly unknown[] }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

/**
 * Starts all racers and ends when a winner is chosen, when all have fallen, or when time is up. Everybody but the winner
 * is aborted then, and what a loser still brings is let go of. The signal of the winner is left alone.
 */
export async function race<T>({
  racers,
  clock,
  signal,
  timeoutMs,
  graceMs,
  choose,
  discard,
}: RaceRules<T>): Promise<RaceEnd<T>> {
  const startedMs = clock.monotonicMs();
  const lanes = racers.map(() => new AbortController());
  const arrivals: Arrival<T>[] = [];
  const errors: unknown[] = [];
  const first = Promise.withResolvers<void>();
  const all = Promise.withResolvers<void>();
  let over = false;
  const onEnd = (): void => {
    if (arrivals.length + errors.length === racers.length) all.resolve();
  };
  for (const [index, { name, run }] of racers.entries()) {
    const lane = (lanes[index] as AbortController).signal;
    run(signal ? AbortSignal.any([signal, lane]) : lane).then(
      (value) => {
        if (over) return discard(value);
        arrivals.push({ name, index, value, latencyMs: clock.monotonicMs() - startedMs });
        first.resolve();
        onEnd();
      },
      (error: unknown) => {
        errors.push(error);
        onEnd();
      },
    );
  }
  const timers = new AbortController();
  const wait = signal ? AbortSignal.any([signal, timers.signal]) : timers.signal;
  const isLate = await Promise.race([
    Promise.race([first.promise, all.promise]).then(() => false),
    timeoutMs > 0 ? clock.sleep(timeoutMs, wait).then(() => true) : aborted(wait).then(() => true),
  ]);
  if (arrivals.length > 0 && graceMs > 0) await Promise.race([all.promise, clock.sleep(graceMs, wait)]);
  over = true;
  timers.abort();
  const [earliest, ...others] = arrivals;
  const winner = earliest && signal?.aborted !== true ? choose([earliest, ...others]) : undefined;
  for (const [index, lane] of lanes.entries()) if (index !== winner?.index) lane.abort();
  for (const arrival of arrivals) if (arrival !== winner) discard(arrival.value);
  if (winner !== undefined) return { kind: 'won', winner };
  if (signal?.aborted === true) return { kind: 'aborted' };
  return isLate ? { kind: 'timeout' } : { kind: 'lost', errors };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
