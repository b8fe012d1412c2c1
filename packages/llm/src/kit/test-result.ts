import { ProviderError, type ProviderErrorCode } from './provider-error.ts';

/** What a test of a provider found. */
export type TestStatus =
  | 'success'
  | 'auth_failed'
  | 'connectivity_failed'
  | 'oauth_failed'
  | 'token_failed'
  | 'config_failed'
  | 'timeout_failed'
  | 'rate_limited'
  | 'server_error'
  | 'unknown_error';

/** How far a test came. */
export type TestPhase = 'authentication' | 'connectivity' | 'configuration' | 'model_fetch' | 'completed' | 'failed';

/** The outcome of a test of a provider. Nothing in it is secret. */
export interface TestResult {
  readonly status: TestStatus;
  readonly phase: TestPhase;
  readonly provider: string;
  /** The model that was tried; absent where none was. */
  readonly model?: string;
  readonly message: string;
  /** True when the same test may go well later. */
  readonly retryable: boolean;
  /** Milliseconds. */
  readonly responseTime: number;
  /** When it was made, in milliseconds since 1970; a cached result keeps its time. */
  readonly timestamp: number;
  readonly statusCode?: number;
  readonly error?: ProviderError;
}

const FAILURES: Readonly<Record<ProviderErrorCode, readonly [TestStatus, TestPhase]>> = {
  authentication: ['auth_failed', 'authentication'],
  rate_limit: ['rate_limited', 'model_fetch'],
  invalid_request: ['config_failed', 'configuration'],
  invalid_config: ['config_failed', 'configuration'],
  not_found: ['config_failed', 'model_fetch'],
  server_error: ['server_error', 'model_fetch'],
  timeout: ['timeout_failed', 'connectivity'],
  network: ['connectivity_failed', 'connectivity'],
  context_length: ['config_failed', 'model_fetch'],
  content_filter: ['config_failed', 'model_fetch'],
  unknown: ['unknown_error', 'failed'],
};

const RETRYABLE: ReadonlySet<TestStatus> = new Set([
  'connectivity_failed',
  'timeout_failed',
  'rate_limited',
  'server_error',
]);

/** What the error of a test means. With OAuth, a token that could not be had is told from one that was refused. */
export function testFailureOf(
  error: unknown,
  { usesOAuth }: { readonly usesOAuth: boolean },
): Pick<TestResult, 'status' | 'phase' | 'message' | 'retryable' | 'statusCode' | 'error'> {
  const known = error instanceof ProviderError ? error : undefined;
  const [plain, phase] = FAILURES[known?.code ?? 'unknown'];
  const isOAuth = plain === 'auth_failed' && usesOAuth;
  const status = isOAuth ? (known?.statusCode === undefined ? 'token_failed' : 'oauth_failed') : plain;
  return {
    status,
    phase,
    message: error instanceof Error ? error.message : String(error),
    retryable: RETRYABLE.has(status),
    ...(known?.statusCode !== undefined && { statusCode: known.statusCode }),
    ...(known && { error: known }),
  };
}

const STATUSES: Readonly<Record<TestStatus, true>> = {
  success: true,
  auth_failed: true,
  connectivity_failed: true,
  oauth_failed: true,
  token_failed: true,
  config_failed: true,
  timeout_failed: true,
  rate_limited: true,
  server_error: true,
  unknown_error: true,
};

/** Other words that some know statuses by. */
const ALIASES: Readonly<Record<string, TestStatus>> = {
  authentication: 'auth_failed',
  network: 'connectivity_failed',
  timeout: 'timeout_failed',
};

/** The status that a word means, with hyphens or underscores; `undefined` when it means none. */
export function readTestStatus(word: string): TestStatus | undefined {
  const status = word.replaceAll('-', '_');
  if (Object.hasOwn(STATUSES, status)) return status as TestStatus;
  return Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined;
}
