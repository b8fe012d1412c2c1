import type { Failure, FailureKind } from '../model/failure.ts';

/** What to do about a failure. `cool` rests the credential for a while, `retire` until someone looks at it. */
export interface Verdict {
  readonly sameTarget: 'retry' | 'stop';
  readonly otherTarget: 'failover' | 'stop';
  readonly credential: 'keep' | 'cool' | 'retire';
}

/** The one place that says what a failure kind means for target and credential. */
export const VERDICTS: Readonly<Record<FailureKind, Verdict>> = {
  'invalid-request': { sameTarget: 'stop', otherTarget: 'stop', credential: 'keep' },
  authentication: { sameTarget: 'stop', otherTarget: 'failover', credential: 'retire' },
  permission: { sameTarget: 'stop', otherTarget: 'failover', credential: 'keep' },
  'not-found': { sameTarget: 'stop', otherTarget: 'failover', credential: 'keep' },
  'payload-too-large': { sameTarget: 'stop', otherTarget: 'stop', credential: 'keep' },
  'context-overflow': { sameTarget: 'stop', otherTarget: 'stop', credential: 'keep' },
  'content-policy': { sameTarget: 'stop', otherTarget: 'stop', credential: 'keep' },
  'rate-limit': { sameTarget: 'stop', otherTarget: 'failover', credential: 'cool' },
  'quota-exhausted': { sameTarget: 'stop', otherTarget: 'failover', credential: 'retire' },
  overloaded: { sameTarget: 'retry', otherTarget: 'failover', credential: 'keep' },
  upstream: { sameTarget: 'retry', otherTarget: 'failover', credential: 'keep' },
  protocol: { sameTarget: 'stop', otherTarget: 'failover', credential: 'keep' },
  timeout: { sameTarget: 'stop', otherTarget: 'failover', credential: 'keep' },
  network: { sameTarget: 'retry', otherTarget: 'failover', credential: 'keep' },
  cancelled: { sameTarget: 'stop', otherTarget: 'stop', credential: 'keep' },
  internal: { sameTarget: 'stop', otherTarget: 'stop', credential: 'keep' },
};

/** What to do about this failure, by its kind alone. */
export const verdictOf = (failure: Failure): Verdict => VERDICTS[failure.kind];
