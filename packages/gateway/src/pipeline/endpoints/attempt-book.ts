import type { Lease } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Target } from '@patchbay/llm/routing/target';
import { verdictOf } from '@patchbay/llm/resilience/verdicts';

import type { PassReport } from '../../relay/pass-attempt.ts';
import type { AttemptRecord, CallRecord } from '../../telemetry/call-record.ts';

/** Begins the record of one try with one account. */
export function openAttempt(record: CallRecord, target: Target, lease: Lease, clock: Clock): AttemptRecord {
  const attempt: AttemptRecord = {
    number: record.attempts.length + 1,
    providerId: target.providerId,
    accountId: lease.credential.id,
    model: target.model,
    startedAtMs: clock.nowMs(),
    latencyMs: 0,
    state: 'failed',
  };
  record.attempts.push(attempt);
  return attempt;
}

/** Writes down how a try ended, and tells the pool what that means for the account. */
export function closeAttempt(attempt: AttemptRecord, report: PassReport, lease: Lease, clock: Clock): void {
  const { failure, firstTokenMs, status, usage } = report;
  attempt.latencyMs = Math.max(0, clock.nowMs() - attempt.startedAtMs);
  if (firstTokenMs !== undefined) attempt.firstTokenMs = Math.round(firstTokenMs);
  if (status !== undefined) attempt.status = status;
  if (usage !== undefined) attempt.usage = usage;
  if (failure === undefined) {
    attempt.state = 'success';
    return lease.report({ ok: true, verdict: 'keep' });
  }
  attempt.failureKind = failure.kind;
  attempt.error = failure.code === undefined ? failure.kind : `${failure.kind} (${failure.code})`;
  if (failure.phase !== undefined) attempt.failurePhase = failure.phase;
  if (failure.kind === 'cancelled') {
    attempt.state = 'cancelled';
    return lease.abandon();
  }
  const { retryAfterMs } = failure;
  const verdict = verdictOf(failure).credential;
  return lease.report({ ok: false, verdict, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}
