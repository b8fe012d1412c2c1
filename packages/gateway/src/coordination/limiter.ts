/** What is counted, and what one call of it costs: one request, its tokens, its price in billionths of a dollar. */
export type Measure = 'requests' | 'tokens' | 'nano-usd';

/** `rolling`: any span of `ms` milliseconds. `period`: from the first call in it until `endsAtMs`, 0 for one without end. */
export type Window =
  | { readonly kind: 'rolling'; readonly ms: number }
  | { readonly kind: 'period'; readonly name: string; readonly endsAtMs: number };

/** Most of something that a scope may use, such as 60 requests a minute for one key. */
export type Limit =
  | {
      /** Whom it binds, e.g. `key:7`, `user:ada`, `account:a1:gpt-5`. */
      readonly scope: string;
      readonly measure: Measure;
      /** Most in one window, at most 9 × 10¹⁵; 0 forbids everything. */
      readonly max: number;
      readonly window: Window;
      /** What the store knows to be used in this window; it counts where less is known here, e.g. after a loss. */
      readonly usedAtLeast?: number;
    }
  | { readonly scope: string; readonly measure: 'in-flight'; readonly max: number };

/** What a call uses. */
export interface Amounts {
  readonly tokens: number;
  /** Billionths of a dollar. */
  readonly nanoUsd: number;
}

/** Where a limit stands. */
export interface Standing {
  readonly limit: Limit;
  /** Used and reserved, without the call that asks. */
  readonly used: number;
  /** When a call that is refused now may pass, if nothing else is counted until then. Absent when it is not refused. */
  readonly frees?: Frees;
}

/** `never`: the call alone is more than the limit. */
export type Frees =
  | { readonly kind: 'at'; readonly atMs: number }
  | { readonly kind: 'when-one-ends' }
  | { readonly kind: 'never' };

/** A call that was admitted. It has to be settled or released; the limits' memory of it ends with its process. */
export interface Reservation {
  readonly admitted: true;
  readonly id: string;
  readonly standings: readonly Standing[];
}

/** A call that was not. Nothing of it is counted. */
export interface Refusal {
  readonly admitted: false;
  /** The limit that takes longest to free. */
  readonly refusedBy: Standing;
  readonly standings: readonly Standing[];
}

/** Whether a call was admitted. */
export type Admission = Reservation | Refusal;

/** Admits calls within limits: all limits of a call or none, in one step, over all processes. Memory answers at once. */
export interface Limiter {
  /** Reserves what a call is thought to use. */
  reserve(limits: readonly Limit[], estimate: Amounts): Admission | Promise<Admission>;
  /** Counts what the call did use in the place of the estimate. What goes beyond it counts now, not back then. */
  settle(reservation: Reservation, actual: Amounts): void | Promise<void>;
  /** Takes a call back that was not made. */
  release(reservation: Reservation): void | Promise<void>;
  /** Where limits stand for such a call, which is not reserved. */
  look(limits: readonly Limit[], estimate: Amounts): Promise<readonly Standing[]>;
}
