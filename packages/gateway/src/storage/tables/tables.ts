import type { Generated } from 'kysely';

import type { StoredResponseTable } from './stored-responses.ts';

/** A data-plane key as it lies in the store. Times in milliseconds since 1970. */
export interface DataPlaneKeyTable {
  id: string;
  label: string;
  hash: Uint8Array;
  created_at_ms: number;
  revoked_at_ms: number | null;
}

/**
 * One upstream attempt of one call, or attempt 0 of a call that reached no upstream. Times and durations in
 * milliseconds, flags as 0 and 1.
 */
export interface RequestLogTable {
  id: Generated<number>;
  /** The client's own id or ours; clients may send the same one twice. */
  request_id: string;
  call_id: string;
  attempt: number;
  started_at_ms: number;
  key_id: string | null;
  client_format: string;
  route: string;
  requested_model: string;
  provider_id: string | null;
  account_id: string | null;
  model: string | null;
  stream: number;
  express: number;
  /** `success`, `failed` or `cancelled`: of the attempt, else of the call. */
  state: string;
  /** Status the client was sent. */
  http_status: number;
  upstream_status: number | null;
  failure_kind: string | null;
  failure_phase: string | null;
  error_message: string | null;
  latency_ms: number;
  first_token_ms: number | null;
  /** Of the whole call. */
  duration_ms: number;
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
  usage_estimated: number | null;
  /** JSON list of what the translation could not carry; null when nothing was lost. */
  losses: string | null;
  /** Version of what could be called when the call came in; null in rows older than this column. */
  registry_version: number | null;
  /** In nano-dollars; null where the price is unknown, 0 where it is free. */
  cost_nano_usd: number | null;
  retry_count: number;
  switched_from_account_id: string | null;
  proxy_id: number | null;
}

/** Every table of the store. */
export interface Tables {
  data_plane_keys: DataPlaneKeyTable;
  request_logs: RequestLogTable;
  stored_responses: StoredResponseTable;
}
