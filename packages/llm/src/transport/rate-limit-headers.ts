/** One limit of an account as its provider tells it. What the provider did not say, or said badly, is absent. */
export interface RateLimit {
  /** Requests or tokens allowed in one window. */
  readonly limit?: number;
  /** Requests or tokens left in this window. */
  readonly remaining?: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly resetAtMs?: number;
}

/** The limits that an answer's headers tell, by what they count; a kind without a valid value is absent. */
export interface RateLimits {
  readonly requests?: RateLimit;
  readonly tokens?: RateLimit;
  readonly inputTokens?: RateLimit;
  readonly outputTokens?: RateLimit;
}

type Headers = Readonly<Record<string, string>>;

/** How each vendor names the limit of one kind; `*` stands for `limit`, `remaining` and `reset`. Earlier rows win. */
const NAMES: readonly (readonly [keyof RateLimits, string])[] = [
  ['requests', 'anthropic-ratelimit-requests-*'],
  ['requests', 'x-ratelimit-*-requests'],
  ['requests', 'ratelimit-*'],
  ['tokens', 'anthropic-ratelimit-tokens-*'],
  ['tokens', 'x-ratelimit-*-tokens'],
  ['inputTokens', 'anthropic-ratelimit-input-tokens-*'],
  ['outputTokens', 'anthropic-ratelimit-output-tokens-*'],
];

/**
 * Reads the rate limits of OpenAI, Anthropic and generic `ratelimit-*` headers (lower-case names). `nowMs`, in
 * milliseconds since 1970, is where relative resets start. Values that make no sense are absent, never 0.
 */
export function parseRateLimitHeaders(headers: Headers, nowMs: number): RateLimits {
  const found: { -readonly [Kind in keyof RateLimits]: RateLimit } = {};
  for (const [kind, pattern] of NAMES) {
    const limit = found[kind] ?? readLimit(headers, pattern, nowMs);
    if (limit !== undefined) found[kind] = limit;
  }
  return found;
}

function readLimit(headers: Headers, pattern: string, nowMs: number): RateLimit | undefined {
  const valueOf = (word: string): string => headers[pattern.replace('*', word)]?.trim() ?? '';
  const limit = wholeNumber(valueOf('limit'));
  const remaining = wholeNumber(valueOf('remaining'));
  const resetAtMs = resetTime(valueOf('reset'), nowMs);
  if (limit === undefined && remaining === undefined && resetAtMs === undefined) return undefined;
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetAtMs !== undefined && { resetAtMs }),
  };
}

/** A whole number; policies may follow it, as in `100, 100;w=60`. */
function wholeNumber(value: string): number | undefined {
  const digits = /^(\d+)(?:\s*[,;].*)?$/.exec(value)?.[1];
  const number = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Below this a plain number counts seconds from now, above it seconds since 1970 (9 September 2001). */
const EPOCH_SECONDS_MIN = 1_000_000_000;
/** Above this a plain number counts milliseconds since 1970. */
const EPOCH_MS_MIN = 1_000_000_000_000;
/** No window is longer than a year; a reset beyond it is nonsense. */
const WINDOW_MAX_MS = 366 * 86_400_000;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** A point in time: RFC 3339, a number, or a duration such as `6m0s` or `120ms` from now. */
function resetTime(value: string, nowMs: number): number | undefined {
  const atMs = DATE_TIME.test(value) ? Date.parse(value) : numberOrDuration(value, nowMs);
  return Number.isFinite(atMs) && atMs - nowMs <= WINDOW_MAX_MS ? atMs : undefined;
}

function numberOrDuration(value: string, nowMs: number): number {
  if (!/^\d+(?:\.\d+)?$/.test(value)) return nowMs + durationMs(value);
  const number = Number(value);
  if (number >= EPOCH_MS_MIN) return number;
  return number >= EPOCH_SECONDS_MIN ? number * 1000 : nowMs + Math.ceil(number * 1000);
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];

/** Milliseconds of a duration, rounded up so that nobody comes back too early; NaN when it is none. */
function durationMs(value: string): number {
  const amounts = value === '' ? undefined : DURATION.exec(value)?.slice(1);
  if (amounts === undefined) return Number.NaN;
  return Math.ceil(amounts.reduce((sum, amount, at) => sum + Number(amount ?? 0) * (UNITS_MS[at] ?? 0), 0));
}
