import * as z from 'zod/mini';

import { countQuery, Flag, Timestamp } from './page.ts';

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
  /** As the client wrote it. */
  requested_model: z.string(),
  route: z.string(),
  /** Whether the client asked for a stream, and whether its bytes passed as they were. */
  stream: z.boolean(),
  express: z.boolean(),
  state: z.string(),
  /** Of the upstream, where it answered; else what the client was told. */
  status_code: z.nullable(z.int()),
  latency_ms: z.nullable(z.number()),
  /** Of the whole request, over all its attempts. */
  duration_ms: z.number(),
  first_token_ms: z.nullable(z.number()),
  input_tokens: z.nullable(z.int()),
  output_tokens: z.nullable(z.int()),
  cost_nano_usd: z.nullable(z.int()),
  retry_count: z.int(),
  switched_from_account_id: z.nullable(z.string()),
  registry_version: z.nullable(z.int()),
  failure_kind: z.nullable(z.string()),
  error: z.nullable(z.string()),
  created_at: Timestamp,
});

const least = z.coerce.number<number | string>().check(z.int(), z.minimum(0));

/** Which attempts; every filter that is given must hold. */
export const FilterRequestLogs = z.object({
  request_id: z.optional(z.string()),
  model: z.optional(z.string()),
  provider_id: z.optional(z.string()),
  account_id: z.optional(z.string()),
  key_id: z.optional(z.string()),
  state: z.optional(z.string()),
  /** Text of a request id, model, account or error. */
  search: z.optional(z.string().check(z.maxLength(255))),
  /** Statuses of a hundred: `4xx` for 400 to 499. */
  status: z.optional(z.enum(['2xx', '4xx', '5xx'])),
  /** Only calls that asked for a stream, or only those that did not. */
  streamed: z.optional(Flag),
  /** Only attempts that came to another account than the one before, or only others. */
  switched: z.optional(Flag),
  /** Only attempts that took at least so long. */
  min_latency_ms: z.optional(least),
  /** Only attempts that are known to have cost at least so much. */
  min_cost_nano_usd: z.optional(least),
  from: z.optional(Timestamp),
  to: z.optional(Timestamp),
});

/** A page of attempts, the newest first; `before` is the cursor of the page before. */
export const ListRequestLogs = z.extend(FilterRequestLogs, {
  limit: countQuery(1000, 100),
  before: z.optional(z.string()),
});

/** A page of attempts. */
export const RequestLogs = z.object({
  logs: z.array(RequestLog),
  total: z.optional(z.int()),
  next: z.optional(z.string()),
});

/** What `RequestLog` reads. */
export type RequestLog = z.output<typeof RequestLog>;
