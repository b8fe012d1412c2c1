import type { Lease } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure } from '@patchbay/llm/model/failure';
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

/** Writes down how a try ended. */
export function closeAttempt(attempt: AttemptRecord, report: PassReport, clock: Clock): void {
  const { failure, firstTokenMs, status, usage } = report;
  attempt.latencyMs = Math.max(0, clock.nowMs() - attempt.startedAtMs);
  if (firstTokenMs !== undefined) attempt.firstTokenMs = Math.round(firstTokenMs);
  if (status !== undefined) attempt.status = status;
  if (usage !== undefined) attempt.usage = usage;
  attempt.state = failure === undefined ? 'success' : failure.kind === 'cancelled' ? 'cancelled' : 'failed';
  if (failure === undefined) return;
  attempt.failureKind = failure.kind;
  attempt.error = failure.code === undefined ? failure.kind : `${failure.kind} (${failure.code})`;
  if (failure.phase !== undefined) attempt.failurePhase = failure.phase;
}

/** Tells the pool what the end of a try means for the account. */
export function reportLease(lease: Lease, failure: Failure | undefined): void {
  if (failure === undefined) return lease.report({ ok: true, verdict: 'keep' });
  if (failure.kind === 'cancelled') return lease.abandon();
  const { retryAfterMs } = failure;
  const verdict = verdictOf(failure).credential;
  return lease.report({ ok: false, verdict, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}

/** Shortest wait that makes sense for a client, in milliseconds. */
const LATER_MS = 1000;

/** What to say while every account rests until `soonestAtMs` (monotonic, infinite where nobody knows). */
export function restingFailure(soonestAtMs: number, clock: Clock): Failure {
  const restMs = soonestAtMs - clock.monotonicMs();
  const retryAfterMs = Number.isFinite(restMs) ? Math.max(LATER_MS, Math.ceil(restMs)) : LATER_MS;
  const message = 'Every account for this request is resting after failures. Try again later.';
  return { kind: 'rate-limit', message, retryAfterMs };
}
