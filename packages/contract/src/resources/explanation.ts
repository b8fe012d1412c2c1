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
