import type { Failure, FailureKind } from '../model/failure.ts';
import type { RestRule } from '../model/rest-rule.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A credential that is refused: nothing but a new one helps, which somebody may have put in its place at the provider. */
const AUTH_FAILED: RestRule = {
  reason: 'auth_failed',
  scope: 'account',
  firstMs: 30 * MINUTE_MS,
  factor: 1,
  maxMs: 30 * MINUTE_MS,
  probes: true,
  yields: false,
  stands: true,
};

/** Money or allowance has run out: the account is parked, for an hour where nobody knows when it is back. */
const QUOTA: RestRule = { ...AUTH_FAILED, reason: 'quota', firstMs: HOUR_MS, maxMs: HOUR_MS };

const COOLDOWN: RestRule = {
  reason: 'cooldown',
  scope: 'model',
  firstMs: 5 * SECOND_MS,
  factor: 2,
  maxMs: 5 * MINUTE_MS,
  probes: false,
  // Five seconds are our guess; a wait that the provider names is kept whatever stands here.
  yields: true,
  stands: false,
};

const NOT_FOUND: RestRule = {
  reason: 'not_found',
  scope: 'model',
  firstMs: 12 * HOUR_MS,
  factor: 1,
  maxMs: 12 * HOUR_MS,
  probes: true,
  yields: false,
  stands: true,
};

const OVERLOADED: RestRule = {
  reason: 'overloaded',
  scope: 'model',
  firstMs: 30 * SECOND_MS,
  factor: 1,
  maxMs: 30 * SECOND_MS,
  probes: true,
  yields: true,
  stands: false,
};

const TRANSIENT: RestRule = { ...OVERLOADED, reason: 'transient', firstMs: MINUTE_MS, maxMs: MINUTE_MS };

/** The one place that says how long which failure rests what of an account. What is absent says nothing about it. */
export const RESTS: Readonly<Partial<Record<FailureKind, RestRule>>> = {
  authentication: AUTH_FAILED,
  // Callers choose the model: one that this account may not use must not cost it all the others.
  permission: { ...AUTH_FAILED, scope: 'model' },
  'quota-exhausted': QUOTA,
  'rate-limit': COOLDOWN,
  'not-found': NOT_FOUND,
  overloaded: OVERLOADED,
  upstream: TRANSIENT,
  protocol: TRANSIENT,
  timeout: TRANSIENT,
  network: TRANSIENT,
};

/** What this failure means for the account; `undefined` where it says nothing about it. */
export function restOf({ kind, code }: Pick<Failure, 'kind' | 'code'>): RestRule | undefined {
  const rule = RESTS[kind];
  return rule !== undefined && code?.startsWith('PROXY_') === true ? { ...rule, scope: 'proxy' } : rule;
}
