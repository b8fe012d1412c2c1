/** One limit of an account as its provider tells it. What the provider did not say, or said badly, is absent. */
export interface RateLimit {
  /** Requests or tokens allowed in one window. */
  readonly limit?: number;
  /** Requests or tokens left in this window. */
  readonly remaining?: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly resetAtMs?: number;
}

/** The limits that providers tell, by what they count. `requests` and `tokens` are those of the shortest window. */
export interface RateLimits {
  readonly requests?: RateLimit;
  readonly tokens?: RateLimit;
  readonly inputTokens?: RateLimit;
  readonly outputTokens?: RateLimit;
  readonly dailyRequests?: RateLimit;
  readonly dailyTokens?: RateLimit;
}

/** What an answer's headers say of the account's limits. Nothing is present that they did not say. */
export interface RateLimitInfo extends RateLimits {
  /** The provider's id, e.g. `openai`. */
  readonly provider: string;
  /** The provider's own name for the model, where the reader knew it. */
  readonly model?: string;
  /** When it was read, in milliseconds since 1970. */
  readonly readAtMs: number;
  /** Shortest wait before another try makes sense, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Prepaid money, in the provider's own unit. */
  readonly credits?: Pick<RateLimit, 'limit' | 'remaining'>;
  readonly isFreeTier?: boolean;
  /** The provider's own name for the exchange, which its support asks for. */
  readonly requestId?: string;
  /** Other headers of the provider about its work, by their names. */
  readonly custom?: Readonly<Record<string, string>>;
}
