import type { FailureCode, OperationFailure } from '@patchbay/contract';
import type { Failure, FailureKind } from '@patchbay/llm/model/failure';

/** What went wrong with a model, as an operation tells it. What the provider refused is not the caller’s mistake. */
const CODES: Readonly<Record<FailureKind, FailureCode>> = {
  'invalid-request': 'EXTERNAL_SERVICE_ERROR',
  authentication: 'EXTERNAL_SERVICE_ERROR',
  permission: 'INSUFFICIENT_PERMISSIONS',
  'not-found': 'MODEL_NOT_FOUND',
  'payload-too-large': 'PAYLOAD_TOO_LARGE',
  'context-overflow': 'PAYLOAD_TOO_LARGE',
  'content-policy': 'INVALID_INPUT',
  'rate-limit': 'RATE_LIMIT_EXCEEDED',
  'quota-exhausted': 'RATE_LIMIT_EXCEEDED',
  overloaded: 'PROVIDER_UNAVAILABLE',
  upstream: 'EXTERNAL_SERVICE_ERROR',
  protocol: 'EXTERNAL_SERVICE_ERROR',
  timeout: 'UPSTREAM_TIMEOUT',
  network: 'EXTERNAL_SERVICE_ERROR',
  cancelled: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
};

/** Members of a request that say where a document or a picture is: what is wrong with it is the caller’s to mend. */
const OWN_MEMBER = /^(?:file_url|data|slides|slides\.\d+\.image_url)$/;
/** What is nobody’s to mend, whatever it concerns. */
const OURS: ReadonlySet<FailureKind> = new Set(['internal', 'cancelled']);

/** A failure of a model, or of a document, as an operation tells it. */
export function operationFailureOf({ kind, message, path, status, retryAfterMs }: Failure): OperationFailure {
  if (path !== undefined && OWN_MEMBER.test(path) && !OURS.has(kind)) {
    const code = kind === 'payload-too-large' ? 'PAYLOAD_TOO_LARGE' : 'VALIDATION_ERROR';
    return { code, message, field: path, validationErrors: [{ field: path, message }] };
  }
  // A provider’s 403 is about its own account.
  const code = kind === 'permission' && status !== undefined ? 'EXTERNAL_SERVICE_ERROR' : CODES[kind];
  return { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
