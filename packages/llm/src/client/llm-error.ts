import type { Failure } from '../model/failure.ts';

/** The one error that the client throws. `failure` says what happened and what may be done about it. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}
