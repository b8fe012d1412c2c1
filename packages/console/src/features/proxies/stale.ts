/** Answers that every change of a proxy makes stale: accounts move with it. */
export const STALE = [
  'proxies.list',
  'proxies.assignments',
  'proxies.recalculate',
  'accounts.list',
  'accounts.summary',
  'audit.list',
] as const;
