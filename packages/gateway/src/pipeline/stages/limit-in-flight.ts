import type { Outcome } from '../stage.ts';

/** Counts running calls; shared with the metrics. */
export interface InFlight {
  now: number;
}

/** A stage for calls of every kind. */
export type AnyStage = <Any>(call: Any, next: (call: Any) => Promise<Outcome>) => Promise<Outcome>;

/** Refuses calls over `max`: past saturation a process starves new streams for seconds, and a quick no is kinder. */
export function limitInFlight(max: number, inFlight: InFlight, random: () => number): AnyStage {
  return async (call, next) => {
    if (inFlight.now >= max) {
      const retryAfterMs = Math.round(1000 * (0.8 + 0.4 * random()));
      return {
        kind: 'failed',
        failure: { kind: 'overloaded', message: 'The gateway is busy. Try again shortly.', retryAfterMs },
      };
    }
    inFlight.now += 1;
    try {
      return await next(call);
    } finally {
      inFlight.now -= 1;
    }
  };
}
