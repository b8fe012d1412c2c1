/** How long a lock is held and waited for. */
export interface LockTerms {
  /** How long it is held unless it is extended, in milliseconds. A process that dies holds it no longer than that. */
  readonly leaseMs: number;
  /** Longest wait for somebody else, in milliseconds; 0 asks once. */
  readonly waitMs: number;
  /** Ends the wait early. */
  readonly signal?: AbortSignal;
}

/** A lock that is held. */
export interface HeldLock {
  /** Grows with every holder of any lock: a store that remembers the greatest refuses one who has lost the lock. */
  readonly fence: number;
  /** Holds it for another `leaseMs`; false when it is lost. */
  extend(leaseMs: number): Promise<boolean>;
  /** Gives it back; nothing happens when it is somebody else's by now. */
  release(): Promise<void>;
}

/** One at a time, over all processes. While Redis does not answer, one in each process: compare the fence where it counts. */
export interface Locks {
  /** Takes a lock; `undefined` when it was not free in time. */
  acquire(name: string, terms: LockTerms): Promise<HeldLock | undefined>;
}

/** Who holds which lock, in one place. */
export interface LockStore {
  /** The new holder's fence; `undefined` when somebody holds it. */
  take(name: string, token: string, leaseMs: number): Promise<number | undefined>;
  /** False when `token` does not hold it. */
  extend(name: string, token: string, leaseMs: number): Promise<boolean>;
  drop(name: string, token: string): Promise<void>;
}
