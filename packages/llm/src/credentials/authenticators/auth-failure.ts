import type { Failure, FailureKind } from '../../model/failure.ts';
import { AuthError, type AuthErrorCode } from '../auth-error.ts';

/** What servers of sign-ins mean by their codes, where the code says more than the kind. */
const CODES: Readonly<Record<string, AuthErrorCode>> = {
  invalid_scope: 'scope_insufficient',
  insufficient_scope: 'scope_insufficient',
  invalid_client: 'invalid_credentials',
  unauthorized_client: 'invalid_credentials',
};

const KINDS: Readonly<Partial<Record<FailureKind, AuthErrorCode>>> = {
  network: 'network_error',
  timeout: 'network_error',
  upstream: 'provider_unavailable',
  overloaded: 'provider_unavailable',
  'rate-limit': 'provider_unavailable',
};

/** Why a sign-in failed. Everything that has no better name is `oauth_flow_failed`. */
export function flowError(provider: string, failure: Failure): AuthError {
  const { kind, message, path, detail: details } = failure;
  const isConfig = kind === 'invalid-request' && path !== 'callback_url';
  const code = CODES[failure.code ?? ''] ?? KINDS[kind] ?? (isConfig ? 'invalid_config' : 'oauth_flow_failed');
  return new AuthError({ provider, code, message, ...(details !== undefined && { details }) });
}

/** Why a renewal failed: `network_error` where no answer came, else `refresh_failed` with the status of the answer. */
export function refreshError(provider: string, failure: Failure): AuthError {
  const { kind, status, message } = failure;
  if (kind === 'network' || kind === 'timeout')
    return new AuthError({ provider, code: 'network_error', message: `Token refresh got no answer. ${message}` });
  if (kind === 'invalid-request') return new AuthError({ provider, code: 'invalid_config', message });
  const hasFailed = status !== undefined && status !== 200;
  const what = hasFailed ? `Token refresh failed with status ${status}` : `Token refresh failed: ${message}`;
  return new AuthError({ provider, code: 'refresh_failed', message: what, details: message });
}
