import type { SignedTurn } from './signed-turn.ts';

/**
 * Where remembered turns are kept. A key already holds the scope of its caller: a store compares keys whole and needs to
 * know nothing of scopes. Keys are as long as a scope and at most some 40 characters more. What a store loses costs a
 * provider's state and nothing else; one across a network keeps a deadline of its own of a few milliseconds.
 */
export interface StateStore {
  /** The turn under each of `keys`, in their order; `undefined` where there is none. */
  get(keys: readonly string[]): readonly (SignedTurn | undefined)[] | Promise<readonly (SignedTurn | undefined)[]>;
  /** Keeps one turn under all of `keys` for `lifetimeMs` milliseconds; a key that is taken passes to this turn. */
  put(keys: readonly string[], turn: SignedTurn, lifetimeMs: number): void | Promise<void>;
}
