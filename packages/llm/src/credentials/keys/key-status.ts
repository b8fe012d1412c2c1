import type { Clock } from '../../model/clock.ts';
import { secretsOf } from '../credential.ts';
import { backoffMs, type KeyRing, type KeyStrategy, type RingKey } from './key-ring.ts';

/** One key, as it may be shown. Times are dates of the clock. */
export interface KeyStatus {
  readonly index: number;
  readonly keyMasked: string;
  readonly healthy: boolean;
  /** Failures since the last success. */
  readonly failureCount: number;
  readonly successCount: number;
  readonly requestCount: number;
  /** Failures ever, beside all reports, from 0 to 1. */
  readonly errorRate: number;
  /** Share of the turns under the strategy `weighted`. */
  readonly weight: number;
  readonly lastSuccess?: Date;
  readonly lastFailure?: Date;
  readonly inBackoff: boolean;
  readonly backoffUntil?: Date;
}

/** All keys of a manager. */
export interface KeyManagerStatus {
  readonly provider: string;
  readonly totalKeys: number;
  readonly strategy: KeyStrategy;
  readonly healthyKeys: number;
  readonly unhealthyKeys: number;
  /** True while one key is healthy. */
  readonly isHealthy: boolean;
  readonly keys: readonly KeyStatus[];
}

/** What is known of the keys of a ring now, without any of them. */
export function statusOfKeys(provider: string, ring: KeyRing, clock: Clock): KeyManagerStatus {
  const healthyKeys = ring.keys.filter(({ isHealthy }) => isHealthy).length;
  return {
    provider,
    totalKeys: ring.keys.length,
    strategy: ring.rules.strategy,
    healthyKeys,
    unhealthyKeys: ring.keys.length - healthyKeys,
    isHealthy: healthyKeys > 0,
    keys: ring.keys.map((key, index) => statusOfKey(key, index, clock)),
  };
}

function statusOfKey({ seat, ...key }: RingKey, index: number, clock: Clock): KeyStatus {
  const leftMs = backoffMs(seat, clock.monotonicMs());
  const reports = seat.successes + key.failuresEver;
  return {
    index,
    keyMasked: secretsOf(seat.credential)[0]?.maskedKey() ?? '',
    healthy: key.isHealthy,
    failureCount: seat.failures,
    successCount: seat.successes,
    requestCount: seat.uses,
    errorRate: reports === 0 ? 0 : key.failuresEver / reports,
    weight: seat.facts.weight ?? 1,
    ...(key.lastSuccessMs !== undefined && { lastSuccess: new Date(key.lastSuccessMs) }),
    ...(key.lastFailureMs !== undefined && { lastFailure: new Date(key.lastFailureMs) }),
    inBackoff: leftMs > 0,
    ...(leftMs > 0 && { backoffUntil: new Date(clock.nowMs() + leftMs) }),
  };
}
