import type { OperationFailure } from '@patchbay/contract';
import { backendErrorOf } from '@patchbay/llm/backend/backend-error';
import { providerErrorOf, type ErrorPlace } from '@patchbay/llm/kit/provider-error';
import type { Failure } from '@patchbay/llm/model/failure';

/** What a caller got wrong in a question. */
export const mistakeOf = ({ code, path, message }: Failure): OperationFailure =>
  code === 'missing' ? missing(path ?? '', message) : { code: 'INVALID_REQUEST', message, details: { path } };

/** Something that is needed is not there. */
export const missing = (parameter: string, message: string): OperationFailure => ({
  code: 'MISSING_PARAMETER',
  message,
  details: { parameter },
});

/** No provider has this name. */
export const unknownProvider = (provider: string, known: Iterable<string>): OperationFailure => ({
  code: 'PROVIDER_NOT_FOUND',
  message: `No provider is called "${provider}". There are: ${[...known].join(', ') || 'none'}.`,
  details: { provider },
});

/** Why no answer came, with the cause that decides the status. */
export function noAnswer(
  code: 'GENERATION_ERROR' | 'TEST_FAILED',
  failure: Failure,
  place: ErrorPlace,
): OperationFailure {
  // Without a status it is the gateway that forbids, and not the provider.
  if (failure.kind === 'permission' && failure.status === undefined)
    return { code: 'INSUFFICIENT_PERMISSIONS', message: failure.message };
  const { message, details } = backendErrorOf(code, providerErrorOf(failure, place));
  const { retryAfterMs } = failure;
  return { code, message, ...(details && { details }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
