import type { LockStore } from '../lock.ts';

interface Holder {
  readonly token: string;
  readonly endsAtMs: number;
}

/** Locks of this process. `nowMs` tells the time since 1970. */
export function memoryLockStore(nowMs: () => number): LockStore {
  const holders = new Map<string, Holder>();
  let fence = 0;
  const holderOf = (name: string): Holder | undefined => {
    const holder = holders.get(name);
    if (holder !== undefined && holder.endsAtMs <= nowMs()) holders.delete(name);
    return holders.get(name);
  };
  return {
    take(name, token, leaseMs) {
      if (holderOf(name) !== undefined) return Promise.resolve(undefined);
      holders.set(name, { token, endsAtMs: nowMs() + leaseMs });
      // The time keeps fences growing over the loss of whatever counted them.
      fence = Math.max(fence + 1, nowMs());
      return Promise.resolve(fence);
    },
    extend(name, token, leaseMs) {
      const isHeld = holderOf(name)?.token === token;
      if (isHeld) holders.set(name, { token, endsAtMs: nowMs() + leaseMs });
      return Promise.resolve(isHeld);
    },
    drop(name, token) {
      if (holderOf(name)?.token === token) holders.delete(name);
      return Promise.resolve();
    },
  };
}
