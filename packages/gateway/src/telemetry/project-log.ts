import type { AttemptRecord, CallRecord } from './call-record.ts';
import type { LogFields } from './log-line.ts';
import type { Log } from './log.ts';

/** Losses that a line names; how many there were is always told. */
const LOST_MAX = 20;

/** Writes one line for a finished call: a warning when it failed. Holds no payload. */
export function logCall(log: Log, call: CallRecord): void {
  const level = call.state === 'failed' ? 'warn' : 'info';
  log[level](`${call.state} ${call.route}`, fieldsOf(call));
}

/** Fields without a value are left out of the line. */
function fieldsOf(call: CallRecord): LogFields {
  const last = call.attempts.at(-1);
  return {
    requestId: call.requestId,
    key: call.keyId,
    model: call.requestedModel,
    provider: last?.providerId,
    account: last?.accountId,
    status: call.status,
    state: call.state,
    ms: call.durationMs,
    firstTokenMs: last?.firstTokenMs,
    attempts: call.attempts.length,
    express: call.express,
    stream: call.stream,
    inputTokens: last?.usage?.inputTokens,
    outputTokens: last?.usage?.outputTokens,
    estimated: last?.usage?.estimated === true ? true : undefined,
    losses: call.losses.length > 0 ? call.losses.length : undefined,
    lost: call.losses.length > 0 ? call.losses.slice(0, LOST_MAX) : undefined,
    refusedBy: call.refusedBy,
    softBudget: call.softBudget,
    costUsd: last && costOf(last),
    failure: last && failureOf(last),
    error: last?.error,
  };
}

function costOf({ costState, costNanoUsd }: AttemptRecord): number | 'unknown' | undefined {
  if (costState === undefined) return undefined;
  return costNanoUsd === undefined ? 'unknown' : costNanoUsd / 1e9;
}

/** `timeout/first-token`: the kind, and for a timeout which one. */
const failureOf = ({ failureKind, failurePhase }: AttemptRecord): string | undefined =>
  failurePhase === undefined ? failureKind : `${failureKind}/${failurePhase}`;
