import { KeyManager, type KeyManagerOptions } from '../credentials/keys/key-manager.ts';
import type { Secret } from '../credentials/secret.ts';
import { systemClock, systemRandom, type Clock } from '../model/clock.ts';

export type { KeyManager, KeyManagerOptions } from '../credentials/keys/key-manager.ts';
export type { KeyStrategy } from '../credentials/keys/key-ring.ts';
export type { KeyManagerStatus, KeyStatus } from '../credentials/keys/key-status.ts';
export type { KeyContext } from '../credentials/keys/use-of.ts';

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
