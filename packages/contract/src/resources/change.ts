import type { Permission } from '../permissions.ts';

/**
 * What changes are told of, each with the permission to hear of it. What is on offer follows from providers, so whoever
 * may read models hears of those.
 */
export const WATCHED_RESOURCES = {
  providers: 'models:read',
  models: 'models:read',
  templates: 'templates:read',
  accounts: 'accounts:read',
  proxies: 'proxies:read',
  keys: 'api-keys:own',
  mappings: 'mappings:own',
  users: 'users:read',
} as const satisfies Readonly<Record<string, Permission>>;

/** One of the resources whose changes are told. */
export type WatchedResource = keyof typeof WATCHED_RESOURCES;

/** What the event `changed` carries: which resources changed, and not how. */
export interface Changed {
  readonly resources: readonly WatchedResource[];
}
