import type { CallRecord, CallSink } from './call-record.ts';

/** Hands every record to every sink; one that throws is reported and never reaches the call or the others. */
export function fanOut(sinks: readonly CallSink[], onError: (error: unknown) => void): CallSink {
  return {
    record(call: CallRecord): void {
      for (const sink of sinks) {
        try {
          sink.record(call);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
