import type { Clock } from '../model/clock.ts';
import { failed, type Failure, type Result } from '../model/failure.ts';

/** Runs `work` for so long at most; then its signal is aborted, and a `timeout` failure stands in its place. */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const late = new AbortController();
  const done = new AbortController();
  const waiting = clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) late.abort();
  });
  try {
    const signal = outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]);
    const result = await work(signal);
    const isLate = !result.ok && late.signal.aborted && outer?.aborted !== true;
    return isLate ? failed(tooLate(ms)) : result;
  } finally {
    done.abort();
    await waiting;
  }
}

const tooLate = (ms: number): Failure => ({
  kind: 'timeout',
  message: `The server did not answer within ${ms / 1000} s.`,
});
