import type { Clock } from '@patchbay/llm/model/clock';

import type { HeldLock, Locks, LockStore, LockTerms } from './lock.ts';

/** What waiting for locks needs. */
export interface LockParts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly random: () => number;
  /** A text that nobody else has. */
  readonly newToken: () => string;
}

/** Pause between two tries for a lock that another process holds, in milliseconds: from this to twice as long. */
const TRY_AGAIN_MS = 25;

/** Locks over a store of them. Of those who wait in one process, one asks the store; the others wait for that one. */
export function createLocks(parts: LockParts): Locks {
  /** By name, those who wait here, in their order. */
  const queues = new Map<string, Promise<unknown>>();
  return {
    async acquire(name, terms) {
      const deadlineMs = parts.clock.monotonicMs() + terms.waitMs;
      const before = queues.get(name);
      const turn = Promise.withResolvers<void>();
      const mine = (before ?? Promise.resolve()).then(() => turn.promise);
      queues.set(name, mine);
      const leave = (): void => {
        turn.resolve();
        if (queues.get(name) === mine) queues.delete(name);
      };
      if (before !== undefined && !(await endsInTime(before, deadlineMs, parts.clock, terms.signal))) {
        leave();
        return undefined;
      }
      return takeInTime(parts, name, terms, deadlineMs).finally(leave);
    },
  };
}

/** True when `before` is over by the deadline. */
async function endsInTime(
  before: Promise<unknown>,
  deadlineMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const limit = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(Math.max(0, deadlineMs - clock.monotonicMs()), limit).then(() => false);
  const inTime = await Promise.race([before.then(() => true), late]);
  over.abort();
  return inTime;
}

async function takeInTime(
  { store, clock, random, newToken }: LockParts,
  name: string,
  { leaseMs, signal }: LockTerms,
  deadlineMs: number,
): Promise<HeldLock | undefined> {
  const token = newToken();
  for (;;) {
    const fence = await store.take(name, token, leaseMs);
    if (fence !== undefined) return heldLock(store, name, token, fence);
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs <= 0 || signal?.aborted === true) return undefined;
    await clock.sleep(Math.min(leftMs, TRY_AGAIN_MS * (1 + random())), signal);
  }
}

const heldLock = (store: LockStore, name: string, token: string, fence: number): HeldLock => ({
  fence,
  extend: (leaseMs) => store.extend(name, token, leaseMs),
  release: () => store.drop(name, token),
});
