import * as z from 'zod/mini';

import { SliceQuery } from './account.ts';
import { Timestamp } from './page.ts';

/** Limits of a key. Absent: none. Money in US dollars. */
export const KeyLimits = z.object({
  requests_per_minute: z.optional(z.int().check(z.minimum(1))),
  tokens_per_minute: z.optional(z.int().check(z.minimum(1))),
  requests_per_day: z.optional(z.int().check(z.minimum(1))),
  tokens_per_day: z.optional(z.int().check(z.minimum(1))),
  /** Calls that may run at a time. */
  calls_at_once: z.optional(z.int().check(z.minimum(1))),
  /** Calls are refused once it is spent. */
  budget_usd: z.optional(z.number().check(z.minimum(0))),
  /** Only told of. */
  soft_budget_usd: z.optional(z.number().check(z.minimum(0))),
  /** When spending starts anew. */
  budget_period: z.optional(z.enum(['day', 'week', 'month', 'never'])),
  /** What happens to calls whose price is unknown while a budget is set. Default `allow`. */
  unknown_price: z.optional(z.enum(['allow', 'refuse'])),
  /** Models that it may call, by name or with a `*` at the end. Absent: all. */
  models: z.optional(z.array(z.string().check(z.minLength(1)))),
  /** Whether the same question is answered from memory. Absent: as for all keys (`CACHE_RESPONSES`). */
  cache_answers: z.optional(z.boolean()),
});

/**
 * Whether the bodies of a key's calls are kept: as the operator says for all, always, or never. `on` counts only where the
 * operator lets keys ask for it (`CAPTURE_BY_KEYS`).
 */
export const KeyCapture = z.enum(['inherit', 'on', 'off']);

/** A key without its secret. */
export const ApiKey = z.object({
  id: z.string(),
  key_prefix: z.string(),
  label: z.string(),
  user_id: z.nullable(z.string()),
  role: z.nullable(z.string()),
  is_active: z.boolean(),
  limits: KeyLimits,
  capture: KeyCapture,
  expires_at: z.nullable(Timestamp),
  /** Until when the text before the last rotation opens, too; in the past where it has ended, null where there is none. */
  older_ends_at: z.nullable(Timestamp),
  last_used_at: z.nullable(Timestamp),
  created_at: Timestamp,
  updated_at: Timestamp,
  /** Grows with each change; send it back in an update to be told when somebody else was faster. */
  version: z.int(),
});

/** What a new key is made of. With a role it is a key to the management, too. */
export const CreateApiKey = z.object({
  label: z._default(z.string().check(z.maxLength(100)), ''),
  role: z.optional(z.string()),
  limits: z.optional(KeyLimits),
  /** Default `inherit`; other than that only administrators may say. */
  capture: z.optional(KeyCapture),
  expires_at: z.optional(Timestamp),
});

/** A new key, whose text is shown this once. */
export const CreatedApiKey = z.extend(ApiKey, { key: z.string(), message: z.string() });

/** What can change in a key; with `version`, only that version changes. */
export const UpdateApiKey = z.object({
  label: z.optional(z.string().check(z.maxLength(100))),
  is_active: z.optional(z.boolean()),
  limits: z.optional(KeyLimits),
  capture: z.optional(KeyCapture),
  expires_at: z.optional(z.nullable(Timestamp)),
  /** Null ends the text before the last rotation at once. */
  older_ends_at: z.optional(z.null()),
  version: z.optional(z.int()),
});

/** How a key gets a new text. */
export const RotateApiKey = z.object({
  /** How long the text of now opens beside the new one, in seconds: 0 to seven days. Default: one day. */
  grace_seconds: z._default(z.int().check(z.minimum(0), z.maximum(604_800)), 86_400),
  version: z.optional(z.int()),
});

/** Which keys to list. */
export const ListApiKeys = z.object(SliceQuery);

const KeySums = {
  spent_usd: z.number(),
  calls_of_unknown_price: z.int(),
  /** Attempts at providers. */
  requests: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
};

/** What a key used since the period of its budget began, or since it was made where it has none. */
export const KeyUsage = z.looseObject({
  id: z.string(),
  ...KeySums,
  limits: KeyLimits,
  period_start: z.nullable(Timestamp),
  /** When spending starts anew; null: never. */
  period_end: z.nullable(Timestamp),
  /** By the day (UTC), of daily budgets by the hour; those without a call are left out. */
  steps: z.array(z.object({ from: Timestamp, ...KeySums })),
});

/** What `KeyUsage` reads. */
export type KeyUsage = z.output<typeof KeyUsage>;
/** What `KeyCapture` reads. */
export type KeyCapture = z.output<typeof KeyCapture>;
/** What `ApiKey` reads. */
export type ApiKey = z.output<typeof ApiKey>;
/** What `KeyLimits` reads. */
export type KeyLimits = z.output<typeof KeyLimits>;
