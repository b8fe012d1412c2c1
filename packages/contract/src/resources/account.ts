import * as z from 'zod/mini';

import { Flag, Timestamp } from './page.ts';
import { TestPhase } from './provider.ts';

/** Kinds of credentials that an account can hold. */
export const AUTH_KINDS = ['api_key', 'bearer', 'oauth', 'aws', 'service_account'] as const;

/** State of an account, as calls through it found it. */
export const AccountHealth = z.enum(['healthy', 'degraded', 'down']);

/** Which entries of a list: `limit` 1 to 1,000, default 20. */
export const SliceQuery = {
  limit: z._default(z.coerce.number<number | string>().check(z.int(), z.minimum(1), z.maximum(1000)), 20),
  offset: z._default(z.coerce.number<number | string>().check(z.int(), z.minimum(0)), 0),
};

/** A list with where it stands. */
export const sliceOf = <Item extends z.ZodMiniType>(
  item: Item,
): z.ZodMiniObject<{
  data: z.ZodMiniArray<Item>;
  total: z.ZodMiniNumberFormat;
  limit: z.ZodMiniNumberFormat;
  offset: z.ZodMiniNumberFormat;
}> => z.object({ data: z.array(item), total: z.int(), limit: z.int(), offset: z.int() });

/** A done thing in one sentence. */
export const Message = z.object({ message: z.string() });

/** An upstream account. Secrets in `auth_data` are masked. */
export const Account = z.object({
  id: z.string(),
  provider_id: z.string(),
  label: z.string(),
  auth_kind: z.enum(AUTH_KINDS),
  auth_data: z.looseObject({}),
  metadata: z.looseObject({}),
  is_active: z.boolean(),
  health_status: AccountHealth,
  failure_count: z.int(),
  last_error_at: z.nullable(Timestamp),
  last_error_msg: z.nullable(z.string()),
  last_success_at: z.nullable(Timestamp),
  last_used_at: z.nullable(Timestamp),
  usage_count: z.int(),
  expires_at: z.nullable(Timestamp),
  proxy_id: z.nullable(z.int()),
  proxy_url: z.nullable(z.string()),
  /** Until when it rests, and why; absent while it does not. */
  cooling: z.optional(z.object({ until: Timestamp, reason: z.string(), model: z.optional(z.string()) })),
  created_by: z.nullable(z.string()),
  created_at: Timestamp,
  updated_at: Timestamp,
  version: z.int(),
});

/** An object, or the same as JSON text. */
const AuthData = z.union([z.looseObject({}), z.string().check(z.minLength(2), z.maxLength(100_000))]);

const USE_LIMITS = {
  requests_per_minute: z.optional(z.int().check(z.minimum(1))),
  tokens_per_minute: z.optional(z.int().check(z.minimum(1))),
  requests_per_day: z.optional(z.int().check(z.minimum(1))),
  tokens_per_day: z.optional(z.int().check(z.minimum(1))),
};

/** Most that calls may use of an account, over all models and of single ones, by the provider’s names for them. */
export const AccountLimits = z.object({
  ...USE_LIMITS,
  models: z.optional(z.record(z.string(), z.object(USE_LIMITS))),
});

/** Anything that is worth knowing of an account. `limits` are kept: an account that has reached one is passed over. */
const Metadata = z.looseObject({
  limits: z.optional(AccountLimits),
  /** Its turns beside others, where accounts are chosen by weight. */
  weight: z.optional(z.number().check(z.minimum(0))),
  /** What it costs beside others, where the cheapest is chosen; 1 is as listed. */
  price_factor: z.optional(z.number().check(z.minimum(0))),
});

/** What a new account is made of. Its kind is told by the members of `auth_data`. */
export const CreateAccount = z.object({
  provider_id: z.string().check(z.minLength(1), z.maxLength(50)),
  label: z.optional(z.string().check(z.maxLength(100))),
  auth_data: AuthData,
  metadata: z.optional(Metadata),
  is_active: z._default(z.boolean(), true),
  /** Sends its calls through this proxy, instead of one that is assigned. */
  proxy_id: z.optional(z.nullable(z.int())),
});

/** What can change in an account; what is absent stays, and so does a masked secret that comes back. */
export const UpdateAccount = z.object({
  label: z.optional(z.string().check(z.maxLength(100))),
  auth_data: z.optional(AuthData),
  metadata: z.optional(Metadata),
  is_active: z.optional(z.boolean()),
  proxy_id: z.optional(z.nullable(z.int())),
  version: z.optional(z.int()),
});

/** Which accounts to list. */
export const ListAccounts = z.object({
  provider_id: z.optional(z.string()),
  is_active: z.optional(Flag),
  health_status: z.optional(AccountHealth),
  search: z.optional(z.string().check(z.maxLength(255))),
  /** What comes first: the oldest, or provider by provider. */
  sort: z._default(z.enum(['created_at', 'provider_id']), 'created_at'),
  ...SliceQuery,
});

/** Accounts of each provider that has any, counted by how they fare. Those that are off are `off` and nothing else. */
export const AccountsSummary = z.object({
  providers: z.array(
    z.object({
      provider_id: z.string(),
      total: z.int(),
      off: z.int(),
      healthy: z.int(),
      degraded: z.int(),
      down: z.int(),
      /** Of those that are not off: how many calls choose from at this moment. */
      usable: z.int(),
    }),
  ),
});

/** How a call to the provider with an account went. That it went badly is a result, not an error. */
export const AccountTest = z.object({
  success: z.boolean(),
  /** Whole milliseconds. */
  response_time_ms: z.int(),
  /** What the provider says that the account may use. */
  available_models: z.array(z.string()),
  errors: z.array(z.string()),
  tested_at: Timestamp,
  /** In their order; those after the first that failed were not tried. */
  phases: z.array(
    z.object({
      phase: TestPhase.shape.phase,
      ok: z.boolean(),
      finding: z.string(),
      duration_ms: z.number(),
    }),
  ),
});

/** What `AccountTest` reads. */
export type AccountTest = z.output<typeof AccountTest>;
/** What `AccountsSummary` reads. */
export type AccountsSummary = z.output<typeof AccountsSummary>;
/** What `Account` reads. */
export type Account = z.output<typeof Account>;
/** What `CreateAccount` reads. */
export type CreateAccount = z.output<typeof CreateAccount>;
/** What `UpdateAccount` reads. */
export type UpdateAccount = z.output<typeof UpdateAccount>;
