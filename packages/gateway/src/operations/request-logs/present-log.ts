import type { RequestLog } from '@patchbay/contract/resources/request-log';

import type { LoggedCall } from '../../storage/repositories/call-reader.ts';
import { timestamp } from '../timestamp.ts';

/** A row of the log of calls as the interface shows it. */
export const presentLog = (call: LoggedCall): RequestLog => ({
  id: call.id,
  request_id: call.requestId,
  attempt: call.attempt,
  provider_id: call.providerId ?? '',
  account_id: call.accountId ?? null,
  proxy_id: call.proxyId ?? null,
  key_id: call.keyId ?? null,
  model: call.model ?? call.requestedModel,
  requested_model: call.requestedModel,
  route: call.route,
  stream: call.stream,
  express: call.express,
  state: call.state,
  status_code: call.upstreamStatus ?? call.httpStatus,
  latency_ms: call.latencyMs,
  duration_ms: call.durationMs,
  first_token_ms: call.firstTokenMs ?? null,
  input_tokens: call.inputTokens ?? null,
  output_tokens: call.outputTokens ?? null,
  cache_read_tokens: call.cacheReadTokens ?? null,
  cache_write_tokens: call.cacheWriteTokens ?? null,
  reasoning_tokens: call.reasoningTokens ?? null,
  cost_nano_usd: call.costNanoUsd ?? null,
  retry_count: call.retryCount,
  switched_from_account_id: call.switchedFromAccountId ?? null,
  registry_version: call.registryVersion ?? null,
  failure_kind: call.failureKind ?? null,
  error: call.errorMessage ?? null,
  losses: call.losses === undefined ? [] : (JSON.parse(call.losses) as readonly string[]),
  created_at: timestamp(call.startedAtMs),
});
