import type { Clock } from '@patchbay/llm/model/clock';

import { addressGroup } from './address-group.ts';
import { CountingWindow } from './counting-window.ts';

/** Slows down whoever tries passwords. */
export interface LoginGuard {
  /** Counts a try from an address; how long to wait when there were too many, in milliseconds. */
  tryFrom(peer: string): number | undefined;
  /** How long an account is locked for this address, in milliseconds; `undefined` when it is not. */
  lockedFor(account: string, peer: string): number | undefined;
  /** Counts a failure. Call it before a password is checked: guesses that run at once must not all pass. */
  failed(account: string, peer: string): void;
  /** Forgets the failures: somebody who knows the password has come from this address. */
  succeeded(account: string, peer: string): void;
}

export interface LoginGuardParts {
  readonly clock: Clock;
  /** Tries a minute and address; 0 for any number. */
  readonly triesPerMinute: number;
  /** Failures after which an account is locked; 0 for never. */
  readonly failuresMax: number;
  /** How long it stays locked, and how long before that failures are remembered, in milliseconds. */
  readonly lockoutMs: number;
}

const MINUTE_MS = 60_000;
/** How long an address from which the right password came is known for it. */
const KNOWN_MS = 30 * 86_400_000;

/**
 * Counts tries by address and failures by account. An address from which an account was opened before has failures of its
 * own: strangers cannot lock the owner out.
 */
export function createLoginGuard({ clock, triesPerMinute, failuresMax, lockoutMs }: LoginGuardParts): LoginGuard {
  const nowMs = (): number => clock.nowMs();
  const tries = new CountingWindow(MINUTE_MS, nowMs);
  const failures = new CountingWindow(lockoutMs, nowMs);
  const locks = new CountingWindow(lockoutMs, nowMs);
  const known = new CountingWindow(KNOWN_MS, nowMs);
  const pair = (account: string, peer: string): string => `${account}\n${addressGroup(peer)}`;
  const bucket = (account: string, peer: string): string => {
    const ofBoth = pair(account, peer);
    return known.look(ofBoth) === undefined ? account : ofBoth;
  };
  return {
    tryFrom(peer) {
      if (triesPerMinute === 0) return undefined;
      const { count, endsAtMs } = tries.add(addressGroup(peer));
      return count > triesPerMinute ? endsAtMs - nowMs() : undefined;
    },
    lockedFor(account, peer) {
      const lock = locks.look(bucket(account, peer));
      return lock === undefined ? undefined : lock.endsAtMs - nowMs();
    },
    failed(account, peer) {
      const key = bucket(account, peer);
      if (failuresMax === 0 || failures.add(key).count < failuresMax) return;
      failures.forget(key);
      locks.add(key);
    },
    succeeded(account, peer) {
      const key = bucket(account, peer);
      failures.forget(key);
      locks.forget(key);
      known.forget(pair(account, peer));
      known.add(pair(account, peer));
    },
  };
}
