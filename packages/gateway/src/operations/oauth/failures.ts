import type { OperationFailure } from '@patchbay/contract';
import type { Failure } from '@patchbay/llm/model/failure';

import { wrong } from '../accounts/failures.ts';

/** The sign-in that a state names is not there: used, over, somebody else's, or never begun. */
export const STATE_UNKNOWN: OperationFailure = wrong(
  'state',
  'This sign-in is over, was used already, or never began. Begin again with POST /api/v1/oauth/init.',
);

/** What an authorization server had to say, as an answer of ours: callers can mend the first two kinds. */
export function failureOf(failure: Failure, field = 'provider'): OperationFailure {
  const { kind, message, path, retryAfterMs } = failure;
  if (kind === 'invalid-request' || kind === 'authentication') return wrong(path ?? field, message);
  return { code: 'EXTERNAL_SERVICE_ERROR', message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
