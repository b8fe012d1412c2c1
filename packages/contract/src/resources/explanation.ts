import * as z from 'zod/mini';

/** A request as a client would send it, or the parts of it that decide where it goes. */
export const ExplainRequest = z.looseObject({
  model: z.string().check(z.minLength(1)),
  /** Id of a key whose rules to apply; absent: the caller’s own. */
  key_id: z.optional(z.string()),
  account_id: z.optional(z.string()),
  format: z.optional(z.string()),
  body: z.optional(z.looseObject({})),
});

/** What a request would meet, without anyone being called. */
export const Explanation = z.object({
  model: z.string(),
  registry_version: z.int(),
  /** Aliases and rules that the name went through. */
  resolution: z.array(z.string()),
  targets: z.array(
    z.object({
      provider_id: z.string(),
      model: z.string(),
      policy: z.string(),
      price: z.looseObject({ state: z.enum(['priced', 'free', 'unknown']) }),
      /** The account that the request would be sent with first; null where none can be had. */
      first_account_id: z.nullable(z.string()),
      accounts: z.array(
        z.object({
          account_id: z.string(),
          label: z.string(),
          proxy_id: z.nullable(z.int()),
          usable: z.boolean(),
          /** Why it would be taken or left, each in a sentence. */
          reasons: z.array(z.string()),
        }),
      ),
    }),
  ),
  /** Limits and budgets that apply, each with what is left. */
  limits: z.array(z.looseObject({ scope: z.string(), name: z.string() })),
  /** Set when the request would be refused. */
  refusal: z.optional(z.object({ status: z.int(), message: z.string() })),
});

/** What `Explanation` reads. */
export type Explanation = z.output<typeof Explanation>;
/** What `ExplainRequest` reads. */
export type ExplainRequest = z.output<typeof ExplainRequest>;

/** One try of a request at one account. */
const RetoldAttempt = z.object({
  attempt: z.int(),
  provider_id: z.string(),
  model: z.string(),
  account_id: z.nullable(z.string()),
  proxy_id: z.nullable(z.int()),
  state: z.string(),
  /** Of the upstream, where it answered. */
  status_code: z.nullable(z.int()),
  started_at: z.string(),
  /** Milliseconds from the request's beginning to the end of this attempt. */
  duration_ms: z.number(),
  first_token_ms: z.nullable(z.number()),
  cost_nano_usd: z.nullable(z.int()),
  failure_kind: z.nullable(z.string()),
  /** What the upstream said. */
  error: z.nullable(z.string()),
  /** Why it was made or left, in a sentence. */
  told: z.string(),
});

/** What became of a request, told from the log. */
export const RetoldRequest = z.object({
  request_id: z.string(),
  /** All of it in a sentence. */
  summary: z.string(),
  succeeded: z.boolean(),
  route: z.string(),
  requested_model: z.string(),
  key_id: z.nullable(z.string()),
  started_at: z.string(),
  duration_ms: z.number(),
  /** Of all attempts whose price is known; null where none is. */
  cost_nano_usd: z.nullable(z.int()),
  registry_version: z.nullable(z.int()),
  losses: z.array(z.string()),
  attempts: z.array(RetoldAttempt),
  /** What to do so that the next one fares better; empty where nothing went wrong. */
  advice: z.array(z.string()),
});

/** What `RetoldRequest` reads. */
export type RetoldRequest = z.output<typeof RetoldRequest>;
