/** Budgets of one call, in milliseconds; 0 disables one. `totalMs` spans all attempts, the others one attempt. */
export interface Timeouts {
  /** Until the connection stands, name look-up and TLS included. Default 3 000; not every exchange can watch it. */
  readonly connectMs: number;
  /** From sending to response headers. Default 60 000. */
  readonly headersMs: number;
  /** From headers to the first output of a stream, or to the end of a whole body. Default 60 000. */
  readonly firstTokenMs: number;
  /** Longest silence between two frames after the first output. Default 60 000. */
  readonly idleMs: number;
  /** The whole call with all its attempts. Default 900 000. */
  readonly totalMs: number;
}

/** Three seconds to connect, a minute for each silence, a quarter of an hour in all. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 3_000,
  headersMs: 60_000,
  firstTokenMs: 60_000,
  idleMs: 60_000,
  totalMs: 900_000,
};
