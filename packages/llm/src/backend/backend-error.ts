import { AuthError } from '../credentials/auth-error.ts';
import { ProviderError } from '../kit/provider-error.ts';
import { PluginError } from '../plugins/plugin-error.ts';
import { redactText } from '../transport/redact-text.ts';
import { BACKEND_CODES, STATUS_OF_AUTH_CAUSE, STATUS_OF_CAUSE, type BackendCode } from './codes.ts';

/** What an error says besides its code. */
export interface BackendErrorFacts {
  /** Shown to the caller: says what to do and holds nothing secret. */
  readonly message: string;
  /** Default: the usual one of the code. */
  readonly status?: number;
  /** Facts for programs, under names in snake case. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Sent with the answer; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Ends a request with an error envelope. Handlers of extensions may throw it, too. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly code: BackendCode;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: BackendCode, { message, status, details, headers = {}, cause }: BackendErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status ?? BACKEND_CODES[code].status;
    this.details = details;
    this.headers = headers;
  }
}

/**
 * The error of something that was thrown while `code`'s work was done. What a provider says is shown without credentials,
 * with the cause, whether the same may go well later, and when; an extension is named; anything else is not shown at all.
 */
export function backendErrorOf(code: BackendCode, error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  if (error instanceof PluginError) return extensionError(error);
  if (error instanceof ProviderError) return providerFailed(code, error);
  if (error instanceof AuthError) return accountFailed(code, error);
  return new BackendError('INTERNAL_ERROR', { message: 'Something went wrong here. The log has more.', cause: error });
}

const extensionError = (error: PluginError): BackendError =>
  new BackendError('EXTENSION_ERROR', {
    message: redactText(error.message),
    details: { extension: error.plugin, step: error.step },
    cause: error,
  });

function providerFailed(code: BackendCode, error: ProviderError): BackendError {
  const { retryAfter } = error;
  return new BackendError(code, {
    message: redactText(error.message),
    status: STATUS_OF_CAUSE[error.code],
    details: {
      provider: error.provider,
      cause: error.code,
      retryable: error.isRetryable(),
      ...(error.statusCode !== undefined && { provider_status: error.statusCode }),
      ...(retryAfter !== undefined && { retry_after: retryAfter }),
    },
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
    cause: error,
  });
}

const accountFailed = (code: BackendCode, error: AuthError): BackendError =>
  new BackendError(code, {
    message: redactText(error.toString()),
    status: STATUS_OF_AUTH_CAUSE[error.code],
    details: { provider: error.provider, cause: error.code, retryable: error.isRetryable() },
    cause: error,
  });
