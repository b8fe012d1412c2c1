/** Answers that every change of a proxy makes stale: accounts move with it. */
export const STALE = ['proxies.list', 'proxies.assignments', 'accounts.list', 'audit.list'] as const;
