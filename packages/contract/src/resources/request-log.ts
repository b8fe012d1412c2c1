import * as z from 'zod/mini';

import { countQuery, Timestamp } from './page.ts';

/** One upstream attempt. Money in nano-dollars: a price that is unknown is null, one that is free is 0. */
export const RequestLog = z.looseObject({
  id: z.union([z.int(), z.string()]),
  request_id: z.string(),
  attempt: z.int(),
  provider_id: z.string(),
  account_id: z.nullable(z.string()),
  proxy_id: z.nullable(z.int()),
  key_id: z.nullable(z.string()),
  model: z.string(),
  state: z.string(),
  status_code: z.nullable(z.int()),
  latency_ms: z.nullable(z.number()),
  first_token_ms: z.nullable(z.number()),
  input_tokens: z.nullable(z.int()),
  output_tokens: z.nullable(z.int()),
  cost_nano_usd: z.nullable(z.int()),
  retry_count: z.int(),
  switched_from_account_id: z.nullable(z.string()),
  registry_version: z.nullable(z.int()),
  error: z.nullable(z.string()),
  created_at: Timestamp,
});

/** Which attempts, the newest first; `before` is the cursor of the page before. */
export const ListRequestLogs = z.object({
  limit: countQuery(1000, 100),
  before: z.optional(z.string()),
  request_id: z.optional(z.string()),
  model: z.optional(z.string()),
  provider_id: z.optional(z.string()),
  account_id: z.optional(z.string()),
  key_id: z.optional(z.string()),
  state: z.optional(z.string()),
  /** Text of a request id, model, account or error. */
  search: z.optional(z.string().check(z.maxLength(255))),
  from: z.optional(Timestamp),
  to: z.optional(Timestamp),
});

/** A page of attempts. */
export const RequestLogs = z.object({
  logs: z.array(RequestLog),
  total: z.optional(z.int()),
  next: z.optional(z.string()),
});

/** What `RequestLog` reads. */
export type RequestLog = z.output<typeof RequestLog>;
