import type { Clock } from '../../model/clock.ts';
import type { SignIn } from '../oauth/authorization-code.ts';
import type { Pkce } from '../oauth/pkce.ts';
import { SIGN_IN_MS } from '../oauth/state.ts';

/** A sign-in whose answer has not come yet. */
export interface PendingSignIn extends SignIn {
  readonly verifier: Pkce['verifier'];
  readonly endsAtMs: number;
}

/** More than so many begun at a time are not remembered: the oldest go. */
const PENDING_MAX = 100;

/** Sign-ins that were begun, for ten minutes each. Every one takes one answer. */
export class PendingSignIns {
  readonly #clock: Clock;
  readonly #pending = new Map<string, PendingSignIn>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(begun: Omit<PendingSignIn, 'endsAtMs'>): void {
    const nowMs = this.#clock.nowMs();
    for (const [state, { endsAtMs }] of this.#pending) if (endsAtMs <= nowMs) this.#pending.delete(state);
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined && this.#pending.size >= PENDING_MAX) this.#pending.delete(oldest);
    this.#pending.set(begun.state, { ...begun, endsAtMs: nowMs + SIGN_IN_MS });
  }

  /** The one with this state, once; `undefined` where there is none or its time is over. */
  take(state: string): PendingSignIn | undefined {
    const found = this.#pending.get(state);
    this.#pending.delete(state);
    return found !== undefined && this.#clock.nowMs() < found.endsAtMs ? found : undefined;
  }

  /** The last one that was begun, whatever state came back. */
  takeLast(): PendingSignIn | undefined {
    const last = [...this.#pending.keys()].at(-1);
    return last === undefined ? undefined : this.take(last);
  }

  clear(): void {
    this.#pending.clear();
  }
}
