import type { CallRecord, CallSink } from './call-record.ts';

/** One sink that stands for several. */
export interface FanOut extends CallSink {
  /** Records that a sink did not take, over all sinks. */
  readonly lost: number;
}

/**
 * Hands every record to every sink; one that throws never reaches the call or the others. Each loss is counted,
 * `onError` hears of the first one of every sink: a broken one would else fill the log at the pace of the calls.
 */
export function fanOut(sinks: readonly CallSink[], onError: (error: unknown) => void): FanOut {
  const reported = new Set<CallSink>();
  let lost = 0;
  return {
    get lost() {
      return lost;
    },
    record(call: CallRecord): void {
      for (const sink of sinks) {
        try {
          sink.record(call);
        } catch (error) {
          lost += 1;
          if (reported.has(sink)) continue;
          reported.add(sink);
          onError(error);
        }
      }
    },
  };
}
