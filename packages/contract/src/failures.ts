import type { Face } from './operation.ts';

/** What is known of a failure code. */
export interface FailureFacts {
  readonly status: number;
  /** True when the same request may succeed later. */
  readonly retryable: boolean;
}

/** Every code that a management answer can carry. */
export const FAILURES = {
  INVALID_IDENTIFIER: { status: 400, retryable: false },
  MISSING_PARAMETER: { status: 400, retryable: false },
  INVALID_REQUEST: { status: 400, retryable: false },
  INVALID_INPUT: { status: 400, retryable: false },
  INVALID_ENDPOINT: { status: 400, retryable: false },
  INVALID_PROVIDER_CONFIG: { status: 400, retryable: false },
  INVALID_MODEL_CONFIG: { status: 400, retryable: false },
  INVALID_TEMPLATE: { status: 400, retryable: false },
  IMPORT_ERROR: { status: 400, retryable: false },
  SYSTEM_RESOURCE: { status: 400, retryable: false },
  CONFIG_ERROR: { status: 400, retryable: false },
  NOT_OAUTH_PROVIDER: { status: 400, retryable: false },
  OAUTH_CALLBACK_FAILED: { status: 400, retryable: false },
  VALIDATION_ERROR: { status: 422, retryable: false },
  AUTH_CONFIG_INVALID: { status: 422, retryable: false },
  TEMPLATE_APPLICATION_FAILED: { status: 422, retryable: false },
  UNAUTHORIZED: { status: 401, retryable: false },
  TOKEN_EXPIRED: { status: 401, retryable: false },
  TOKEN_INVALID: { status: 401, retryable: false },
  AUTHENTICATION_REQUIRED: { status: 401, retryable: false },
  INVALID_CREDENTIALS: { status: 401, retryable: false },
  INSUFFICIENT_PERMISSIONS: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  PROVIDER_NOT_FOUND: { status: 404, retryable: false },
  MODEL_NOT_FOUND: { status: 404, retryable: false },
  TEMPLATE_NOT_FOUND: { status: 404, retryable: false },
  USER_NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  ALREADY_EXISTS: { status: 409, retryable: false },
  PROVIDER_ALREADY_EXISTS: { status: 409, retryable: false },
  MODEL_ALREADY_EXISTS: { status: 409, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  PROVIDER_IN_USE: { status: 409, retryable: false },
  MODEL_IN_USE: { status: 409, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  RATE_LIMIT_EXCEEDED: { status: 429, retryable: true },
  ACCOUNT_LOCKED: { status: 429, retryable: true },
  REGISTRY_ERROR: { status: 500, retryable: true },
  REGISTRY_STATUS_ERROR: { status: 500, retryable: true },
  REGISTRY_REFRESH_ERROR: { status: 500, retryable: true },
  SYSTEM_STATUS_ERROR: { status: 500, retryable: true },
  INTERNAL_SERVER_ERROR: { status: 500, retryable: false },
  CONNECTIVITY_ERROR: { status: 502, retryable: true },
  PROVIDER_TEST_FAILED: { status: 502, retryable: true },
  MODEL_TEST_FAILED: { status: 502, retryable: true },
  GENERATION_ERROR: { status: 502, retryable: true },
  TEST_FAILED: { status: 502, retryable: true },
  OAUTH_INITIATE_FAILED: { status: 502, retryable: true },
  REFRESH_FAILED: { status: 502, retryable: true },
  REVOKE_FAILED: { status: 502, retryable: true },
  EXTERNAL_SERVICE_ERROR: { status: 502, retryable: true },
  PROVIDER_UNAVAILABLE: { status: 503, retryable: true },
  DATABASE_ERROR: { status: 503, retryable: true },
  SERVICE_UNAVAILABLE: { status: 503, retryable: true },
  UPSTREAM_TIMEOUT: { status: 504, retryable: true },
} as const satisfies Readonly<Record<string, FailureFacts>>;

/** A code that a management answer can carry. */
export type FailureCode = keyof typeof FAILURES;

/** Status under which an interface tells a code: the interfaces of accounts and of kits know no 422. */
export function statusIn(face: Face, code: FailureCode): number {
  const { status } = FAILURES[code];
  return (face === 'accounts' || face === 'kit') && status === 422 ? 400 : status;
}

/** One thing that is wrong with a request. */
export interface ValidationError {
  /** Where, with dots: `authConfig.fields.apiKey`. */
  readonly field: string;
  readonly message: string;
  /** What was sent there; never a secret. */
  readonly value?: unknown;
}

/** Why an operation did not succeed, before an interface dresses it. */
export interface OperationFailure {
  readonly code: FailureCode;
  /** A sentence that says what to do. Never holds a secret. */
  readonly message: string;
  /** The one member that is wrong. */
  readonly field?: string;
  readonly suggestions?: readonly string[];
  readonly validationErrors?: readonly ValidationError[];
  /** Anything else that helps, such as the current version after a conflict. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterMs?: number;
}
