/** Why an account rests, in a word. */
export type RestReason =
  | 'auth_failed'
  | 'quota'
  | 'cooldown'
  | 'not_found'
  | 'overloaded'
  | 'transient'
  | 'limit'
  | 'estimate';

/** What a failure means for the account that it happened to, as data. */
export interface RestRule {
  readonly reason: RestReason;
  /** What rests: the account, the account for one model, or nothing of it because the proxy in between is to blame. */
  readonly scope: 'account' | 'model' | 'proxy';
  /** The first rest where the provider names none, in milliseconds. */
  readonly firstMs: number;
  /** What each further rest without a success between is longer by. */
  readonly factor: number;
  /** The longest rest that we decide on, in milliseconds. */
  readonly maxMs: number;
  /** True when one call alone goes out after the rest, and others only once it has gone well. */
  readonly probes: boolean;
  /** True when the rest is a guess that is cut short where no other account is awake. */
  readonly yields: boolean;
  /** True when the provider's own wish can make the rest longer, but not shorter. */
  readonly stands: boolean;
  /** How long it is, sooner or later than all that, where the provider said when its window begins anew. */
  readonly exactMs?: number;
}
