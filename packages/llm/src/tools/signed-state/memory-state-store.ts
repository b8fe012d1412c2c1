import type { Clock } from '../../model/clock.ts';
import { heldBytes } from './held-bytes.ts';
import type { SignedTurn } from './signed-turn.ts';
import type { StateStore } from './state-store.ts';

/** Bounds of a store in memory. */
export interface MemoryStateStoreOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Most bytes held, keys included. Default 64 MiB. A turn that is larger by itself is not kept. */
  readonly bytesMax?: number;
  /** Longest time a turn is kept, in milliseconds, whatever is asked for. Default 24 hours; use does not prolong it. */
  readonly lifetimeMs?: number;
}

/** A store in this process, and how full it is. */
export interface MemoryStateStore extends StateStore {
  get(keys: readonly string[]): readonly (SignedTurn | undefined)[];
  put(keys: readonly string[], turn: SignedTurn, lifetimeMs: number): void;
  /** Bytes held now, at most `bytesMax`. */
  readonly bytes: number;
  /** Turns held now. */
  readonly turns: number;
}

interface Kept {
  readonly turn: SignedTurn;
  readonly keys: Set<string>;
  bytes: number;
  readonly expiresAtMs: number;
}

const BYTES_MAX = 64 * 1024 * 1024;
const LIFETIME_MS = 24 * 60 * 60 * 1000;
/** What a key costs in the two places that hold it, beside its text; and what a turn costs beside its content. */
const KEY_BYTES = 96;
const TURN_BYTES = 256;

/** Makes a store that holds what was used last; what has expired or no longer fits goes first. */
export function memoryStateStore(options: MemoryStateStoreOptions): MemoryStateStore {
  const { clock, bytesMax = BYTES_MAX, lifetimeMs: longestMs = LIFETIME_MS } = options;
  const byKey = new Map<string, Kept>();
  /** Least recently used first. */
  const byUse = new Set<Kept>();
  let bytes = 0;

  const drop = (kept: Kept): void => {
    for (const key of kept.keys) byKey.delete(key);
    byUse.delete(kept);
    bytes -= kept.bytes;
  };
  const release = (key: string): void => {
    const kept = byKey.get(key);
    if (kept === undefined) return;
    byKey.delete(key);
    kept.keys.delete(key);
    kept.bytes -= keyBytes(key);
    bytes -= keyBytes(key);
    if (kept.keys.size === 0) drop(kept);
  };
  const find = (key: string): SignedTurn | undefined => {
    const kept = byKey.get(key);
    if (kept !== undefined && kept.expiresAtMs <= clock.monotonicMs()) drop(kept);
    if (kept === undefined || !byUse.has(kept)) return undefined;
    byUse.delete(kept);
    byUse.add(kept);
    return kept.turn;
  };
  const makeRoom = (nowMs: number): void => {
    for (const kept of byUse) {
      if (bytes <= bytesMax && kept.expiresAtMs > nowMs) return;
      drop(kept);
    }
  };

  return {
    get bytes() {
      return bytes;
    },
    get turns() {
      return byUse.size;
    },
    get: (keys) => keys.map(find),
    put(keys, turn, lifetimeMs) {
      const own = new Set(keys);
      const size = TURN_BYTES + heldBytes(turn) + [...own].reduce((sum, key) => sum + keyBytes(key), 0);
      if (size > bytesMax || own.size === 0) return;
      for (const key of own) release(key);
      const nowMs = clock.monotonicMs();
      const kept = { turn, keys: own, bytes: size, expiresAtMs: nowMs + Math.min(lifetimeMs, longestMs) };
      for (const key of own) byKey.set(key, kept);
      byUse.add(kept);
      bytes += size;
      makeRoom(nowMs);
    },
  };
}

const keyBytes = (key: string): number => KEY_BYTES + 2 * key.length;
