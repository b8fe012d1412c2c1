import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** What one account has used of one model within the window, beside what was learned of its limits. */
export const Quota = z.object({
  account_id: z.string(),
  provider_id: z.string(),
  model: z.string(),
  requests: z.int(),
  tokens: z.int(),
  est_request_limit: z.nullable(z.int()),
  est_token_limit: z.nullable(z.int()),
  /** 0 to 100; null while no limit is known. */
  percent_used: z.nullable(z.number()),
  /** 0 to 1: how sure the estimate is. */
  confidence: z.number(),
  /** The provider said in this window that nothing is left. */
  exhausted: z.boolean(),
  /** Calls pass the account over for this model because the estimate is sure (0.5 and more) and used up. */
  passed_over: z.boolean(),
  window_start: z.nullable(Timestamp),
  reset_at: z.nullable(Timestamp),
});

/** Quotas of accounts. */
export const QuotaList = z.object({ quotas: z.array(Quota), total: z.int() });

/** How many accounts of a provider can still be used. */
export const QuotaSummary = z.object({
  provider: z.string(),
  status: z.enum(['healthy', 'degraded', 'critical', 'unknown']),
  total_accounts: z.int(),
  usable_accounts: z.int(),
  exhausted_accounts: z.int(),
});

/** What `Quota` reads. */
export type Quota = z.output<typeof Quota>;
