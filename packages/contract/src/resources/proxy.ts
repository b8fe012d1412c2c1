import * as z from 'zod/mini';

import { AccountHealth } from './account.ts';
import { Timestamp } from './page.ts';

/** Protocols of outbound proxies. */
export const PROXY_PROTOCOLS = ['http', 'https', 'socks5'] as const;

/** An outbound proxy. `url` and `proxy_url` are the same, with the password masked; so are the two counts of failures. */
export const Proxy = z.object({
  id: z.int(),
  label: z.nullable(z.string()),
  url: z.string(),
  proxy_url: z.string(),
  protocol: z.enum(PROXY_PROTOCOLS),
  is_active: z.boolean(),
  health_status: AccountHealth,
  max_accounts: z.int(),
  current_accounts: z.int(),
  priority: z.int(),
  weight: z.int(),
  consecutive_failures: z.int(),
  failure_count: z.int(),
  max_failures: z.int(),
  /** Percent. */
  success_rate: z.number(),
  avg_latency_ms: z.int(),
  usage_count: z.int(),
  last_used_at: z.nullable(Timestamp),
  last_checked_at: z.nullable(Timestamp),
  marked_down_at: z.nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: z.int(),
});

const COMMON = {
  label: z.optional(z.nullable(z.string().check(z.maxLength(100)))),
  protocol: z.optional(z.enum(PROXY_PROTOCOLS)),
  is_active: z.optional(z.boolean()),
  /** 0 and less: as many as there are. */
  max_accounts: z.optional(z.int()),
  priority: z.optional(z.int()),
  weight: z.optional(z.int().check(z.minimum(1))),
  max_failures: z.optional(z.int().check(z.minimum(1))),
  url: z.optional(z.string().check(z.maxLength(255))),
  proxy_url: z.optional(z.string().check(z.maxLength(255))),
};

/** What a new proxy is made of: `url` (or `proxy_url`) is needed. */
export const CreateProxy = z.object(COMMON);
/** What can change in a proxy; a masked password that comes back stays. */
export const UpdateProxy = z.object({ ...COMMON, version: z.optional(z.int()) });

/** An account that goes out through a proxy. */
const AssignedAccount = z.object({ id: z.string(), label: z.string(), provider_id: z.string() });

/** Which account goes through which proxy, told both ways. */
export const ProxyAssignments = z.object({
  assignments: z.record(z.string(), z.array(z.string())),
  proxies: z.array(
    z.object({
      proxy_id: z.int(),
      label: z.nullable(z.string()),
      assigned_accounts: z.int(),
      accounts: z.array(AssignedAccount),
    }),
  ),
});

/** What a recalculation did, or would do. `assignments` are those after it. */
export const Recalculated = z.object({
  message: z.string(),
  assignments: z.record(z.string(), z.array(z.string())),
  moved: z.int(),
  /** Accounts that got another proxy, or would. */
  moves: z.array(z.extend(AssignedAccount, { from_proxy_id: z.nullable(z.int()), to_proxy_id: z.int() })),
  /** Accounts that rest, because their proxy is off, down or gone and no other has room. */
  stranded: z.array(z.extend(AssignedAccount, { from_proxy_id: z.nullable(z.int()) })),
});

/** A proxy day by day. */
export const ProxyStats = z.object({
  stats: z.array(
    z.object({
      date: z.string(),
      provider_id: z.nullable(z.string()),
      request_count: z.int(),
      success_count: z.int(),
      error_count: z.int(),
      total_latency_ms: z.int(),
      avg_latency: z.number(),
      total_tokens: z.int(),
    }),
  ),
});

/** What `Proxy` reads. */
export type Proxy = z.output<typeof Proxy>;
