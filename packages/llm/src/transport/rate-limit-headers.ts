import type { RateLimit, RateLimitInfo, RateLimits } from '../model/rate-limits.ts';
import { resetTime } from '../model/reset-time.ts';
import { retryAfterMs } from '../model/retry-after.ts';

type Headers = Readonly<Record<string, string>>;

/** How a vendor names its limits; `*` stands for `limit`, `remaining` and `reset`. Earlier rows of one kind win. */
type Names = readonly (readonly [keyof RateLimits, string])[];

/** What a vendor's headers hold. */
interface Vendor {
  readonly names: Names;
  readonly requestId: readonly string[];
  /** Headers kept as they are. */
  readonly custom?: readonly string[];
}

const BY_KIND: Names = [
  ['requests', 'x-ratelimit-*-requests'],
  ['tokens', 'x-ratelimit-*-tokens'],
];

const QWEN_PREFIXES = ['x-ratelimit', 'qwen-ratelimit', 'dashscope-ratelimit', 'x-dashscope-ratelimit'];

const ANTHROPIC: Names = [
  ['requests', 'anthropic-ratelimit-requests-*'],
  ['tokens', 'anthropic-ratelimit-tokens-*'],
  ['inputTokens', 'anthropic-ratelimit-input-tokens-*'],
  ['outputTokens', 'anthropic-ratelimit-output-tokens-*'],
];

/** Everybody else writes as one of the well-known vendors do, or as the draft for `RateLimit` headers says. */
const OTHERS: Vendor = {
  names: [...ANTHROPIC, ...BY_KIND, ['requests', 'x-ratelimit-*'], ['requests', 'ratelimit-*']],
  requestId: ['x-request-id', 'request-id'],
};

const VENDORS: Readonly<Record<string, Vendor>> = {
  openai: { names: BY_KIND, requestId: ['x-request-id'] },
  anthropic: { names: ANTHROPIC, requestId: ['request-id'] },
  cerebras: {
    names: [
      ['requests', 'x-ratelimit-*-requests-minute'],
      ['tokens', 'x-ratelimit-*-tokens-minute'],
      ['dailyRequests', 'x-ratelimit-*-requests-day'],
      ['dailyTokens', 'x-ratelimit-*-tokens-day'],
    ],
    requestId: ['cerebras-request-id', 'x-request-id'],
    custom: ['cerebras-processing-time', 'cerebras-region'],
  },
  gemini: { names: [], requestId: ['x-request-id'] },
  openrouter: { names: [...BY_KIND, ['requests', 'x-ratelimit-*']], requestId: ['x-request-id'] },
  qwen: {
    names: QWEN_PREFIXES.flatMap((prefix): Names => [
      ['requests', `${prefix}-*-requests`],
      ['tokens', `${prefix}-*-tokens`],
      ['requests', `${prefix}-*`],
    ]),
    requestId: ['x-request-id', 'x-dashscope-request-id'],
    custom: ['req-cost-time', 'req-arrive-time', 'resp-start-time'],
  },
};

/** Whose headers are to be read, and when they came. */
export interface RateLimitSource {
  /** The provider's id; one that is not known is read by the names that most use. */
  readonly provider: string;
  readonly model?: string;
  /** Milliseconds since 1970; relative resets start there. */
  readonly nowMs: number;
}

/**
 * Reads the rate limits of an answer's headers (lower-case names). Resets may be durations (`6m0s`, `20ms`), seconds,
 * seconds or milliseconds since 1970, or RFC 3339. Values that make no sense are absent, never 0.
 */
export function readRateLimits(headers: Headers, { provider, model, nowMs }: RateLimitSource): RateLimitInfo {
  const vendor = (Object.hasOwn(VENDORS, provider) ? VENDORS[provider] : undefined) ?? OTHERS;
  const waitMs = retryAfterMs(headers, nowMs);
  const requestId = vendor.requestId.map((name) => headers[name]).find((value) => value !== undefined);
  const custom = (vendor.custom ?? []).flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  return {
    provider,
    ...(model !== undefined && { model }),
    readAtMs: nowMs,
    ...readLimits(headers, vendor.names, nowMs),
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    ...(provider === 'openrouter' && readOpenRouter(headers)),
    ...(requestId !== undefined && { requestId }),
    ...(custom.length > 0 && { custom: Object.fromEntries(custom) as Record<string, string> }),
  };
}

function readLimits(headers: Headers, names: Names, nowMs: number): RateLimits {
  const found: { -readonly [Kind in keyof RateLimits]: RateLimit } = {};
  for (const [kind, pattern] of names) {
    const limit = found[kind] ?? readLimit(headers, pattern, nowMs);
    if (limit !== undefined) found[kind] = limit;
  }
  return found;
}

/** OpenRouter tells allowances of one kind without a window, prepaid credits, and whether the account pays at all. */
function readOpenRouter(headers: Headers): Pick<RateLimitInfo, 'requests' | 'tokens' | 'credits' | 'isFreeTier'> {
  const [requests, tokens] = [headers['x-ratelimit-requests'], headers['x-ratelimit-tokens']].map((value) =>
    wholeNumber(value?.trim() ?? ''),
  );
  const isWindowTold =
    headers['x-ratelimit-limit'] !== undefined || headers['x-ratelimit-limit-requests'] !== undefined;
  const limit = decimal(headers['x-ratelimit-limit-credits']);
  const remaining = decimal(headers['x-ratelimit-remaining-credits']);
  const credits = { ...(limit !== undefined && { limit }), ...(remaining !== undefined && { remaining }) };
  const free = FREE_TIER.map((name) => headers[name]?.trim().toLowerCase()).find((value) => value !== undefined);
  return {
    ...(requests !== undefined && !isWindowTold && { requests: { limit: requests } }),
    ...(tokens !== undefined && headers['x-ratelimit-limit-tokens'] === undefined && { tokens: { limit: tokens } }),
    ...(Object.keys(credits).length > 0 && { credits }),
    ...(free !== undefined && { isFreeTier: ['true', '1', 'yes'].includes(free) }),
  };
}

/** The flag has no one name; these have been seen. */
const FREE_TIER = ['x-ratelimit-free-tier', 'x-free-tier', 'x-openrouter-free-tier'];

/** A number that may have a fraction, such as money. */
function decimal(value: string | undefined): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(value?.trim() ?? '') ? Number(value) : undefined;
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
