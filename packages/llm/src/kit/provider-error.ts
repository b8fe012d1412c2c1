import type { Failure, FailureKind } from '../model/failure.ts';
import { objectOf, textOf } from '../wire/read.ts';
import type { ErrorContext } from './error-context.ts';

/** What went wrong with a provider, by what a program does about it. */
export type ProviderErrorCode =
  | 'authentication'
  | 'rate_limit'
  | 'invalid_request'
  | 'invalid_config'
  | 'not_found'
  | 'server_error'
  | 'timeout'
  | 'network'
  | 'context_length'
  | 'content_filter'
  | 'unknown';

/** Whether the very same call may go well later. */
export const PROVIDER_ERROR_RETRYABLE: Readonly<Record<ProviderErrorCode, boolean>> = {
  authentication: false,
  rate_limit: true,
  invalid_request: false,
  invalid_config: false,
  not_found: false,
  server_error: true,
  timeout: true,
  network: true,
  context_length: false,
  content_filter: false,
  unknown: false,
};

/** Seconds to wait after `rate_limit` where the provider names none. */
export const DEFAULT_RETRY_AFTER = 60;

/** What is known of an error. Members are absent where nothing is known. */
export interface ProviderErrorFacts {
  readonly code: ProviderErrorCode;
  readonly message: string;
  readonly provider: string;
  /** What was being done, e.g. `generateChatCompletion`. */
  readonly operation?: string;
  readonly statusCode?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly requestId?: string;
  /** What is behind it. */
  readonly cause?: unknown;
  /** What was going on, without secrets. */
  readonly context?: ErrorContext;
}

/** The error of everything that providers do. `cause` holds what is behind it. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: ProviderErrorCode;
  readonly provider: string;
  readonly operation: string | undefined;
  readonly statusCode: number | undefined;
  /** Seconds to wait before another try; for `rate_limit` always there. */
  readonly retryAfter: number | undefined;
  readonly requestId: string | undefined;
  readonly context: ErrorContext | undefined;

  constructor({
    code,
    message,
    provider,
    operation,
    statusCode,
    retryAfter,
    requestId,
    cause,
    context,
  }: ProviderErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.provider = provider;
    this.operation = operation;
    this.statusCode = statusCode;
    this.retryAfter = retryAfter ?? (code === 'rate_limit' ? DEFAULT_RETRY_AFTER : undefined);
    this.requestId = requestId;
    this.context = context;
  }

  /** True when the very same call may go well later. */
  isRetryable(): boolean {
    return PROVIDER_ERROR_RETRYABLE[this.code];
  }

  /** True for an error of this code. */
  is(code: ProviderErrorCode): boolean {
    return this.code === code;
  }
}

const CODES: Readonly<Record<FailureKind, ProviderErrorCode>> = {
  'invalid-request': 'invalid_request',
  authentication: 'authentication',
  permission: 'authentication',
  'not-found': 'not_found',
  'payload-too-large': 'invalid_request',
  'context-overflow': 'context_length',
  'content-policy': 'content_filter',
  'rate-limit': 'rate_limit',
  'quota-exhausted': 'rate_limit',
  overloaded: 'server_error',
  upstream: 'server_error',
  protocol: 'server_error',
  timeout: 'timeout',
  network: 'network',
  cancelled: 'unknown',
  internal: 'unknown',
};

/** Where an error happened. */
export interface ErrorPlace {
  readonly provider: string;
  readonly operation: string;
  /** The caller's own signal, whose deadline is told from its cancelling. */
  readonly signal?: AbortSignal;
  readonly requestId?: string;
  readonly context?: ErrorContext;
}

/** The error of a failure. The phrases that users search for stand in its message, Node's own words in its cause. */
export function providerErrorOf(failure: Failure, place: ErrorPlace, cause?: unknown): ProviderError {
  const isDeadline = failure.kind === 'cancelled' && isTimeout(place.signal?.reason);
  const code = isDeadline ? 'timeout' : CODES[failure.kind];
  const requestId = place.requestId ?? textOf(objectOf(failure.raw?.body)?.['request_id']);
  const { retryAfterMs } = failure;
  return new ProviderError({
    code,
    message: sentence(failure, { code, provider: place.provider, isDeadline }),
    provider: place.provider,
    operation: place.operation,
    cause: cause ?? failure,
    ...(failure.status !== undefined && { statusCode: failure.status }),
    ...(retryAfterMs !== undefined && { retryAfter: Math.ceil(retryAfterMs / 1000) }),
    ...(requestId !== undefined && { requestId }),
    ...(place.context !== undefined && { context: place.context }),
  });
}

const isTimeout = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';

/** Phrases by the codes that Node gives broken connections. */
const CONNECTION_PHRASES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  ETIMEDOUT: 'dial tcp: i/o timeout',
  UND_ERR_CONNECT_TIMEOUT: 'dial tcp: i/o timeout',
  EHOSTUNREACH: 'no route to host',
};

interface Sentence {
  readonly code: ProviderErrorCode;
  readonly provider: string;
  readonly isDeadline: boolean;
}

function sentence(failure: Failure, { code, provider, isDeadline }: Sentence): string {
  const said = failure.message.replace(/\.$/, '');
  if (code === 'authentication') return `${provider} authentication error: ${said} (invalid_credentials)`;
  const phrase = isDeadline ? 'context deadline exceeded' : phraseOf(failure);
  const isNew = phrase !== undefined && !said.toLowerCase().includes(phrase);
  return `${provider}: ${said}${isNew ? `: ${phrase}` : ''}`;
}

function phraseOf({ kind, code = '', phase, path, message }: Failure): string | undefined {
  if (kind === 'network') return CONNECTION_PHRASES[code];
  if (kind === 'timeout') return TIMEOUT_PHRASES[phase ?? 'headers'] ?? 'request timeout';
  if (kind === 'not-found') return 'model not found';
  const isAboutModel = path === 'model' || /\bmodel\b/i.test(message);
  return kind === 'invalid-request' && isAboutModel && /invalid|unknown|not/i.test(message)
    ? 'invalid model'
    : undefined;
}

const TIMEOUT_PHRASES: Readonly<Partial<Record<string, string>>> = {
  connect: 'dial tcp: i/o timeout',
  total: 'context deadline exceeded',
};
