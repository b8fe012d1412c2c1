import type { Lease } from '@patchbay/llm/credentials/pool';
import type { Secret } from '@patchbay/llm/credentials/secret';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Target } from '@patchbay/llm/routing/target';

import type { PassReport } from '../../relay/pass-attempt.ts';
import type { AttemptRecord, CallRecord } from '../../telemetry/call-record.ts';
import { noteFailure } from '../note-failure.ts';

/** Begins the record of one try with one account. */
export function openAttempt(record: CallRecord, target: Target, lease: Lease, clock: Clock): AttemptRecord {
  const attempt: AttemptRecord = {
    number: record.attempts.length + 1,
    providerId: target.providerId,
    accountId: lease.credential.id,
    model: target.model,
    ...(lease.facts.proxyId !== undefined && { proxyId: lease.facts.proxyId }),
    startedAtMs: clock.nowMs(),
    latencyMs: 0,
    state: 'failed',
  };
  record.attempts.push(attempt);
  record.trace?.step('chosen', {
    attempt: attempt.number,
    target: `${target.providerId}/${target.model}`,
    account: attempt.accountId,
  });
  return attempt;
}

/** Writes down how a try ended. */
export function closeAttempt(
  attempt: AttemptRecord,
  report: PassReport,
  { clock, secrets }: { readonly clock: Clock; readonly secrets: readonly Secret[] },
): void {
  const { failure, firstTokenMs, status, usage } = report;
  attempt.latencyMs = Math.max(0, clock.nowMs() - attempt.startedAtMs);
  if (firstTokenMs !== undefined) attempt.firstTokenMs = Math.round(firstTokenMs);
  if (status !== undefined) attempt.status = status;
  if (usage !== undefined) attempt.usage = usage;
  attempt.state = failure === undefined ? 'success' : failure.kind === 'cancelled' ? 'cancelled' : 'failed';
  if (failure !== undefined) noteFailure(attempt, failure, secrets);
}
