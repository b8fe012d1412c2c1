import { failed, type Failure, type Result } from '../model/failure.ts';

const CANCELLED: Failure = { kind: 'cancelled', message: 'The request was cancelled.' };

/** Waits for `running` until `signal` ends the waiting of this caller, and not that of others, with a `cancelled` failure. */
export async function orCancelled<T>(running: Promise<Result<T>>, signal: AbortSignal): Promise<Result<T>> {
  if (signal.aborted) return failed(CANCELLED);
  let cancel = (): void => undefined;
  const cancelled = new Promise<Result<T>>((resolve) => {
    cancel = () => resolve(failed(CANCELLED));
    signal.addEventListener('abort', cancel, { once: true });
  });
  try {
    return await Promise.race([running, cancelled]);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
