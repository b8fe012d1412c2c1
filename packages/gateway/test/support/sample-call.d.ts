import type { AttemptRecord, CallRecord } from '../../src/telemetry/call-record.ts';
/** The record of an attempt that succeeded, changed as the test says. */
export declare const sampleAttempt: (changes?: Partial<AttemptRecord>) => AttemptRecord;
/** The record of a call that succeeded at its first attempt, changed as the test says. */
export declare const sampleCall: (changes?: Partial<CallRecord>) => CallRecord;
//# sourceMappingURL=sample-call.d.ts.map
