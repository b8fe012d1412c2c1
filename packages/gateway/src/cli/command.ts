import type { Store } from '../storage/open-store.ts';
import type { HashKey } from '../identity/api-key.ts';

/** What a command that works on the store gets. */
export interface StoreContext {
  readonly store: Store;
  readonly hashKey: HashKey;
  readonly nowMs: () => number;
}

/** What a command has to say: data for `--json`, and the same for people. */
export interface CommandOutput {
  readonly json: unknown;
  readonly text: string;
}

/** A mistake in how a command was used; the message says how to do it. */
export class UsageError extends Error {}
