/** Names that guides tell people to look up and delete by hand; none of them has a prefix. */

/** Selections of accounts so far, for the rotation. */
export const rotationKey = (provider: string, model: string): string => `account:rr:${provider}:${model}`;
/** Tokens of one OAuth account, as JSON. */
export const oauthTokenKey = (provider: string, accountId: string): string => `auth:oauth:${provider}:${accountId}`;
/** Requests of a day over one egress proxy, and those that failed, under each name that guides give them. */
export const proxyTallyKeys = (proxyId: string | number, what: 'requests' | 'errors'): readonly string[] => [
  `stats:proxy:${proxyId}:${what}:today`,
  `stats:proxy:${proxyId}:${what === 'errors' ? 'failures' : what}`,
];
/** Retries, or changes of the account, of a day. */
export const globalTallyKey = (what: 'retries' | 'account_switches'): string => `stats:global:${what}:today`;
/** What an account has used of a model in a window of five hours, whether nothing is left, and when the window began. */
export const quotaKey = (
  accountId: string,
  model: string,
  what: 'requests' | 'tokens' | 'exhausted' | 'window_start',
): string => `quota:${accountId}:${model}:${what}`;
/** How often tokens were found in the cache. */
export const oauthTallyKey = (what: 'cache_hits' | 'cache_misses'): string => `stats:oauth:${what}`;
/** Errors of the last day, a sorted set by time in milliseconds. */
export const ERROR_LOG_KEY = 'error_logs';
/** Who holds a lock. */
export const lockKey = (name: string): string => `lock:${name}`;
/** The greatest fence given out. */
export const FENCE_KEY = 'lock-fence';
