import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/**
 * Ways to choose among the accounts of a provider that may be used. `round-robin`: in turn. `weighted`: in turn, by
 * `weight`. `least-used`: the one with the fewest calls. `fill-first`: the first one until it rests. `cheapest`: the lowest
 * `price_factor`. `affinity`: a conversation stays with the account that has it in its cache.
 */
export const AccountPolicyName = z.enum([
  'round-robin',
  'weighted',
  'least-used',
  'fill-first',
  'cheapest',
  'affinity',
]);

/** How calls choose among the accounts of a provider, and who says so. */
export const AccountPolicy = z.object({
  provider_id: z.string(),
  /** What holds. Null: `affinity` for long prompts that the provider bills less when it has seen them, else `round-robin`. */
  policy: z.nullable(AccountPolicyName),
  /** Whose word that is: an administrator’s, the settings’ (`ACCOUNT_POLICIES`), or nobody’s. */
  source: z.enum(['administrator', 'setting', 'default']),
  /** What the settings say, which holds again once an administrator takes his word back. Null: nothing. */
  setting: z.nullable(z.object({ name: z.string(), policy: AccountPolicyName })),
  /** Single models for which the settings say something of their own: that holds whatever is said of the provider. */
  models: z.array(z.object({ model: z.string(), policy: AccountPolicyName })),
  updated_at: z.nullable(Timestamp),
  updated_by: z.nullable(z.string()),
  /** Of the administrator’s word; 0 while there is none. */
  version: z.int(),
});

/** What to choose by from now on. Null takes an administrator’s word back. */
export const SetAccountPolicy = z.object({
  policy: z.nullable(AccountPolicyName),
  /** The version that this was decided by; absent: whatever somebody else said meanwhile. */
  version: z.optional(z.int().check(z.minimum(0))),
});

/** What `AccountPolicyName` reads. */
export type AccountPolicyName = z.output<typeof AccountPolicyName>;
/** What `AccountPolicy` reads. */
export type AccountPolicy = z.output<typeof AccountPolicy>;
