import type { Failure } from '../model/failure.ts';
import type { AttemptReport } from './call-record.ts';

/** The one error that the client throws. `failure` says what happened and what may be done about it. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly failure: Failure;
  /** Every try that was made, in order; empty when nothing was sent. */
  readonly attempts: readonly AttemptReport[];
  constructor(failure: Failure, attempts: readonly AttemptReport[] = []) {
    super(failure.message);
    this.failure = failure;
    this.attempts = attempts;
  }
}
