/** How a proxy fares. */
export interface ProxyHealth {
  readonly status: 'healthy' | 'degraded' | 'down';
  /** Faults of its own in a row. */
  readonly consecutiveFailures: number;
  /** Percent of the last calls, about a hundred of them, that it carried. */
  readonly successRate: number;
  /** Mean over the same calls, in milliseconds. */
  readonly avgLatencyMs: number;
  /** Since when it is down; absent while it is not. */
  readonly markedDownAtMs?: number | undefined;
}

/** How a call through a proxy ended. Faults of the target are none of these: they say nothing of the proxy. */
export type ProxyOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly latencyMs: number }
  | { readonly kind: 'fault' };

/**
 * What a probe found: no connection to the proxy, a fault of the proxy, a fault of what is behind it, or an answer from
 * there.
 */
export type ProbeFinding = 'unreachable' | 'faulty' | 'no-way-out' | 'well';

/** A proxy of which nothing is known. */
export const FRESH: ProxyHealth = { status: 'healthy', consecutiveFailures: 0, successRate: 100, avgLatencyMs: 0 };

/** Calls that the means look back on. */
const WINDOW_CALLS = 100;

/**
 * Health after a call; `calls` is how many there were before. Any answer proves the way and ends a row of faults: a good
 * status makes the proxy healthy, another one degraded. `maxFailures` faults in a row take it out.
 */
export function afterCall(
  health: ProxyHealth,
  outcome: ProxyOutcome,
  { calls, maxFailures, nowMs }: { readonly calls: number; readonly maxFailures: number; readonly nowMs: number },
): ProxyHealth {
  const share = 1 / Math.min(calls + 1, WINDOW_CALLS);
  const mean = (before: number, value: number): number => before + (value - before) * share;
  const successRate = Math.round(mean(health.successRate, outcome.kind === 'fault' ? 0 : 100) * 100) / 100;
  if (outcome.kind === 'answered') {
    const avgLatencyMs = Math.round(mean(health.avgLatencyMs, outcome.latencyMs));
    return { status: outcome.status < 300 ? 'healthy' : 'degraded', consecutiveFailures: 0, successRate, avgLatencyMs };
  }
  return afterFault({ ...health, successRate }, maxFailures, nowMs);
}

function afterFault(health: ProxyHealth, maxFailures: number, nowMs: number): ProxyHealth {
  const consecutiveFailures = health.consecutiveFailures + 1;
  const isDown = health.status === 'down' || consecutiveFailures >= maxFailures;
  const markedDownAtMs = isDown ? (health.markedDownAtMs ?? nowMs) : undefined;
  return { ...health, status: isDown ? 'down' : 'degraded', consecutiveFailures, markedDownAtMs };
}

/**
 * Health after a probe: one that cannot be reached is down at once, a fault counts as one of a call does, and one that leads
 * nowhere is degraded, since the fault may be where it leads to.
 */
export function afterProbe(
  health: ProxyHealth,
  finding: ProbeFinding,
  { maxFailures, nowMs }: { readonly maxFailures: number; readonly nowMs: number },
): ProxyHealth {
  const { successRate, avgLatencyMs } = health;
  // A proxy that was looked at again rests again.
  if (finding === 'unreachable') return { ...health, status: 'down', markedDownAtMs: nowMs };
  if (finding === 'faulty') return afterFault({ ...health, markedDownAtMs: undefined }, maxFailures, nowMs);
  if (finding === 'well') return { status: 'healthy', consecutiveFailures: 0, successRate, avgLatencyMs };
  return { status: 'degraded', consecutiveFailures: health.consecutiveFailures, successRate, avgLatencyMs };
}

/** False while a proxy that is down is left alone, `recoveryMs` long. */
export const mayProbe = ({ status, markedDownAtMs }: ProxyHealth, recoveryMs: number, nowMs: number): boolean =>
  status !== 'down' || nowMs >= (markedDownAtMs ?? 0) + recoveryMs;
