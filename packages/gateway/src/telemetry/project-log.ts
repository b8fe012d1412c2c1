import type { CallRecord } from './call-record.ts';
import type { Log, LogFields } from './log.ts';

/** Writes one line for a finished call: a warning when it failed. Holds no payload. */
export function logCall(log: Log, call: CallRecord): void {
  const level = call.state === 'failed' ? 'warn' : 'info';
  log[level](`${call.state} ${call.route}`, fieldsOf(call));
}

function fieldsOf(call: CallRecord): LogFields {
  const last = call.attempts.at(-1);
  return {
    requestId: call.requestId,
    key: call.keyId,
    model: call.requestedModel,
    provider: last?.providerId,
    account: last?.accountId,
    status: call.status,
    ms: call.durationMs,
    firstTokenMs: last?.firstTokenMs,
    attempts: call.attempts.length,
    express: call.express,
    stream: call.stream,
    inputTokens: last?.usage?.inputTokens,
    outputTokens: last?.usage?.outputTokens,
    ...(last?.usage?.estimated === true && { estimated: true }),
    ...(call.losses.length > 0 && { losses: call.losses.length }),
    ...(last?.error !== undefined && { error: last.error }),
  };
}
