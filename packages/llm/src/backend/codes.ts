import type { AuthErrorCode } from '../credentials/auth-error.ts';
import type { ProviderErrorCode } from '../kit/provider-error.ts';

/** What a backend answers in the place of data, by words that do not change; the status is the usual one of the word. */
export const BACKEND_CODES = {
  METHOD_NOT_ALLOWED: { status: 405, about: 'The address knows other methods; `Allow` names them.' },
  NOT_FOUND: { status: 404, about: 'There is nothing at this address.' },
  MISSING_PARAMETER: { status: 400, about: 'Something that is needed is not there; `details.parameter` names it.' },
  PROVIDER_NOT_FOUND: { status: 404, about: 'No provider has this name; the message names those that there are.' },
  INVALID_REQUEST: { status: 400, about: 'The body is no JSON, too large, or a member is wrong: `details.path`.' },
  NOT_OAUTH_PROVIDER: { status: 400, about: 'Nobody signs in to this provider with OAuth.' },
  UNAUTHORIZED: { status: 401, about: 'The password of the backend is missing or wrong.' },
  CONFIG_ERROR: { status: 400, about: 'The settings of a provider cannot work, or are not to be changed.' },
  TEST_FAILED: { status: 502, about: 'The provider did not pass its test; `details.cause` says why.' },
  GENERATION_ERROR: { status: 502, about: 'No answer came; `details.cause` says why.' },
  STREAM_ERROR: { status: 502, about: 'An answer that had begun broke off; it is the last event of the stream.' },
  STREAMING_NOT_SUPPORTED: { status: 400, about: 'The provider does not stream. Ask without `stream`.' },
  EXTENSION_ERROR: { status: 500, about: 'An extension failed; `details.extension` names it.' },
  SERIALIZATION_ERROR: { status: 500, about: 'What was to be answered cannot be written as JSON.' },
  OAUTH_INITIATE_FAILED: { status: 502, about: 'The sign-in could not begin.' },
  OAUTH_CALLBACK_FAILED: { status: 400, about: 'The sign-in did not come to its end: begin again.' },
  REFRESH_FAILED: { status: 502, about: 'No new token could be had.' },
  REVOKE_FAILED: { status: 502, about: 'The tokens could not be given up.' },
  INTERNAL_ERROR: { status: 500, about: 'A fault of the backend; the log has more.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly about: string }>>;

/** One of the words. */
export type BackendCode = keyof typeof BACKEND_CODES;

/**
 * Statuses by why a provider did not answer. That a provider refuses our credential is not the caller's lack of one: 502,
 * and never 401.
 */
export const STATUS_OF_CAUSE: Readonly<Record<ProviderErrorCode, number>> = {
  authentication: 502,
  rate_limit: 429,
  invalid_request: 400,
  invalid_config: 500,
  not_found: 404,
  server_error: 502,
  timeout: 504,
  network: 502,
  context_length: 400,
  content_filter: 400,
  unknown: 500,
};

/** Statuses by why an account could not be signed in, renewed or given up. */
export const STATUS_OF_AUTH_CAUSE: Readonly<Record<AuthErrorCode, number>> = {
  invalid_credentials: 400,
  token_expired: 400,
  refresh_failed: 502,
  oauth_flow_failed: 400,
  invalid_config: 500,
  network_error: 502,
  provider_unavailable: 503,
  scope_insufficient: 400,
  key_rotation_failed: 503,
  all_keys_exhausted: 503,
  storage_error: 500,
  encryption_error: 500,
};
