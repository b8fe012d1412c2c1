import * as z from 'zod/mini';

import { Timestamp } from './page.ts';

/** One body. `text` is null where the bytes were no text; `bytes` is the length of the whole. */
export const PayloadBody = z.object({
  text: z.nullable(z.string()),
  bytes: z.int(),
  truncated: z.boolean(),
});

/** What one attempt sent upstream and got back. */
export const PayloadAttempt = z.object({
  attempt: z.int(),
  provider_id: z.string(),
  account_id: z.string(),
  request: PayloadBody,
  response: PayloadBody,
});

/** The bodies of one request. */
export const RequestPayload = z.object({
  created_at: Timestamp,
  route: z.string(),
  state: z.string(),
  client_request: PayloadBody,
  client_response: PayloadBody,
  attempts: z.array(PayloadAttempt),
});

/** Requests under one id, the newest first: clients may send an id twice. */
export const RequestPayloads = z.object({
  request_id: z.string(),
  payloads: z.array(RequestPayload),
});

/** What `RequestPayload` reads. */
export type RequestPayload = z.output<typeof RequestPayload>;
