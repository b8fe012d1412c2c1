import type { CredentialPool } from '@patchbay/llm/credentials/pool';
import type { Clock } from '@patchbay/llm/model/clock';
import type { Failure, FailureKind } from '@patchbay/llm/model/failure';
import type { RestReason } from '@patchbay/llm/model/rest-rule';

/** Shortest wait that makes sense for a client, in milliseconds. */
const LATER_MS = 1000;

/** What the caller is told while the account that returns first rests for this reason. */
const TOLD: Readonly<Record<RestReason, { readonly kind: FailureKind; readonly why: string }>> = {
  cooldown: { kind: 'rate-limit', why: 'the provider answered 429 Too Many Requests' },
  quota: { kind: 'rate-limit', why: 'the allowance at the provider has run out' },
  not_found: { kind: 'not-found', why: 'none of them has this model' },
  auth_failed: { kind: 'overloaded', why: 'the provider refuses the credentials' },
  overloaded: { kind: 'overloaded', why: 'the provider is overloaded' },
  estimate: { kind: 'rate-limit', why: 'what was learned of their allowance is used up' },
  limit: { kind: 'rate-limit', why: 'the limits that are set for them are reached' },
  transient: { kind: 'overloaded', why: 'the provider failed' },
};

/** Accounts of one provider that were asked for in vain. */
export interface InVain {
  readonly providerId: string;
  readonly pool: Pick<CredentialPool, 'size' | 'soonest' | 'isStranded'>;
  readonly model?: string;
  /** True where one account alone would do: rests do not hold it back, so that nothing but its proxy can. */
  readonly isPinned?: boolean;
}

/** Why no account can be had, and when the first returns. */
export function noAccount({ providerId, pool, model, isPinned }: InVain, clock: Clock): Failure {
  const start = `no available accounts for provider ${providerId}`;
  if (pool.size === 0)
    return { kind: 'overloaded', message: `${start}. Add an account, or activate one.`, retryAfterMs: 30 * LATER_MS };
  if (pool.isStranded || isPinned === true) {
    const message = `no accounts with available proxies for provider ${providerId}. Mend a proxy, or recalculate.`;
    return { kind: 'overloaded', message, retryAfterMs: 30 * LATER_MS };
  }
  const soonest = pool.soonest(model);
  const { kind, why } = TOLD[soonest?.reason ?? 'transient'];
  const retryAfterMs = Math.max(LATER_MS, Math.ceil((soonest?.atMs ?? 0) - clock.monotonicMs()));
  const seconds = Math.ceil(retryAfterMs / 1000);
  const until = kind === 'not-found' ? '' : ` The first returns in ${seconds} s.`;
  const message = `${start}: ${pool.size === 1 ? 'the only one rests' : `all ${pool.size} rest`}, because ${why}.${until}`;
  return { kind, message, retryAfterMs, ...(kind === 'not-found' && { path: 'model' }) };
}
