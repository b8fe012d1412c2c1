import type { OperationFailure } from '@patchbay/contract';
import { backendErrorOf } from '@patchbay/llm/backend/backend-error';
import { AUTH_ERRORS, type AuthErrorCode } from '@patchbay/llm/credentials/auth-error';
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

/** A provider cannot be changed like that. */
export const configError = (message: string, path?: string): OperationFailure => ({
  code: 'CONFIG_ERROR',
  message,
  ...(path !== undefined && { details: { path } }),
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

/** Steps of signing an account in, by what they answer where they fail. */
export type SignInStep = 'OAUTH_INITIATE_FAILED' | 'OAUTH_CALLBACK_FAILED' | 'REFRESH_FAILED' | 'REVOKE_FAILED';

/** Why a step of signing in did not succeed, in this interface's words; what no step is about stays what it is. */
export function notSignedIn(step: SignInStep, provider: string, failure: OperationFailure): OperationFailure {
  const { code, message, field, retryAfterMs } = failure;
  if (code === 'VALIDATION_ERROR' && step === 'OAUTH_INITIATE_FAILED')
    return field === 'provider' ? { code: 'NOT_OAUTH_PROVIDER', message, details: { provider } } : failure;
  if (code !== 'VALIDATION_ERROR' && code !== 'EXTERNAL_SERVICE_ERROR') return failure;
  const cause = CAUSES[step][code];
  return {
    code: step,
    message,
    details: { provider, cause, retryable: AUTH_ERRORS[cause].isRetryable },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

const CAUSES = {
  OAUTH_INITIATE_FAILED: { VALIDATION_ERROR: 'invalid_config', EXTERNAL_SERVICE_ERROR: 'network_error' },
  OAUTH_CALLBACK_FAILED: { VALIDATION_ERROR: 'oauth_flow_failed', EXTERNAL_SERVICE_ERROR: 'network_error' },
  REFRESH_FAILED: { VALIDATION_ERROR: 'invalid_credentials', EXTERNAL_SERVICE_ERROR: 'refresh_failed' },
  REVOKE_FAILED: { VALIDATION_ERROR: 'invalid_credentials', EXTERNAL_SERVICE_ERROR: 'network_error' },
} as const satisfies Readonly<
  Record<SignInStep, Readonly<Record<'VALIDATION_ERROR' | 'EXTERNAL_SERVICE_ERROR', AuthErrorCode>>>
>;
