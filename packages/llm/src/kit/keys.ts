import { KeyManager, type KeyManagerOptions } from '../credentials/keys/key-manager.ts';
import type { CredentialSet, RefreshFunction } from '../credentials/oauth-manager/credential-set.ts';
import { OAuthKeyManager } from '../credentials/oauth-manager/oauth-key-manager.ts';
import type { Secret } from '../credentials/secret.ts';
import { systemClock, systemRandom, type Clock } from '../model/clock.ts';
import type { Exchange } from '../transport/exchange.ts';
import { fetchExchange } from '../transport/fetch-exchange.ts';

export type { KeyManager, KeyManagerOptions } from '../credentials/keys/key-manager.ts';
export type { KeyStrategy } from '../credentials/keys/key-ring.ts';
export type { KeyManagerStatus, KeyStatus } from '../credentials/keys/key-status.ts';
export type { KeyContext } from '../credentials/keys/use-of.ts';

export type { CredentialMetrics } from '../credentials/oauth-manager/credential-metrics.ts';
export type {
  RefreshedTokens,
  RefreshFunction,
  UsableCredential,
} from '../credentials/oauth-manager/credential-set.ts';
export type { CredentialHealthInfo, HealthSummary } from '../credentials/oauth-manager/health.ts';
export type { MonitoringConfig, MonitoringEvent } from '../credentials/oauth-manager/monitoring.ts';
export type { OAuthKeyManager } from '../credentials/oauth-manager/oauth-key-manager.ts';
export {
  ADAPTIVE_REFRESH_STRATEGY,
  CONSERVATIVE_REFRESH_STRATEGY,
  DEFAULT_REFRESH_STRATEGY,
  type RefreshStrategy,
} from '../credentials/oauth-manager/refresh-strategy.ts';
export {
  DEFAULT_ROTATION_POLICY,
  type RotationPolicy,
  type RotationStatus,
} from '../credentials/oauth-manager/rotation-policy.ts';

/** Time and chance, for tests. Default: the machine's own. */
export interface KeyManagerSettings extends KeyManagerOptions {
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * A manager of the API keys of one provider. `executeWithFailover` uses them in turn and moves on while one fails; keys are
 * added and removed while it works. Throws `invalid_config` for blank keys; no keys at all are allowed, and can be added.
 */
export function newKeyManager(
  provider: string,
  keys: readonly (string | Secret)[],
  { clock = systemClock, random = systemRandom, ...options }: KeyManagerSettings = {},
): KeyManager {
  return new KeyManager({ clock, random }, provider, keys, options);
}

/** The same, and how webhooks are reached. Default: the platform's `fetch`. */
export interface OAuthKeyManagerSettings extends KeyManagerSettings {
  readonly exchange?: Exchange;
}

/**
 * A manager of the OAuth accounts of one provider. `executeWithFailover` uses them in turn with tokens that are good,
 * renewed with `refresh` ahead of their end and once for all who wait. Throws `invalid_config` for two of one id.
 */
export function newOAuthKeyManager(
  provider: string,
  credentials: readonly CredentialSet[],
  refresh: RefreshFunction,
  settings: OAuthKeyManagerSettings = {},
): OAuthKeyManager {
  const { clock = systemClock, random = systemRandom, exchange = fetchExchange(), ...options } = settings;
  return new OAuthKeyManager({ clock, random, exchange }, provider, credentials, refresh, options);
}
