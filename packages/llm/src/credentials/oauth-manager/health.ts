import type { CredentialMetrics } from './credential-metrics.ts';

/** How one account is now. */
export interface CredentialHealthInfo {
  readonly id: string;
  /** False after three failures in a row, or five refreshes in a row that failed. */
  readonly isHealthy: boolean;
  /** Failures since the last success. */
  readonly failureCount: number;
  readonly refreshFailureCount: number;
  readonly inBackoff: boolean;
  readonly backoffUntil?: Date;
  readonly isExpired: boolean;
  readonly expiresAt?: Date;
  readonly lastRefresh?: Date;
}

/** How all accounts of a manager are, by the documented names. */
export interface HealthSummary {
  readonly total_credentials: number;
  readonly healthy_credentials: number;
  readonly unhealthy_credentials: number;
  readonly credentials_in_backoff: number;
  readonly total_requests: number;
  /** From 0 to 1; 1 while nothing was asked. */
  readonly success_rate: number;
  readonly total_tokens: number;
  readonly credentials: Readonly<Record<string, CredentialHealthInfo>>;
}

/** Adds up what is known of each account. */
export function healthSummary(
  infos: readonly CredentialHealthInfo[],
  metrics: Readonly<Record<string, CredentialMetrics>>,
): HealthSummary {
  const all = Object.values(metrics);
  const sum = (of: (each: CredentialMetrics) => number): number => all.reduce((total, each) => total + of(each), 0);
  const healthy = infos.filter(({ isHealthy }) => isHealthy).length;
  const requests = sum((each) => each.request_count);
  return {
    total_credentials: infos.length,
    healthy_credentials: healthy,
    unhealthy_credentials: infos.length - healthy,
    credentials_in_backoff: infos.filter(({ inBackoff }) => inBackoff).length,
    total_requests: requests,
    success_rate: requests === 0 ? 1 : sum((each) => each.success_count) / requests,
    total_tokens: sum((each) => each.tokens_used),
    credentials: Object.fromEntries(infos.map((info) => [info.id, info])),
  };
}
