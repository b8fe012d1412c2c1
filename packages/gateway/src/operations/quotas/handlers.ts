import type { Quota } from '@patchbay/contract/resources/quota';

import type { QuotaState } from '../../accounts/quota-book.ts';
import type { Principal } from '../../identity/principal.ts';
import { ACCOUNT_NOT_FOUND } from '../accounts/failures.ts';
import { ownerFor } from '../accounts/reachable.ts';
import { done, refused } from '../handler.ts';
import type { QuotaHandlers, QuotaParts } from './parts.ts';
import { timestamp } from '../timestamp.ts';

/** What accounts have used, and what was learned of their limits. Users see their own, administrators all. */
export function quotaHandlers(parts: QuotaParts): QuotaHandlers {
  return {
    'quotas.list': async ({ query: { provider } }, { principal }) => {
      const providers = await reachedAccounts(parts, principal);
      const quotas = parts.book
        .states()
        .flatMap((state) => shownFor(state, providers))
        .filter(({ provider_id }) => provider === undefined || provider_id === provider);
      return done({ quotas, total: quotas.length });
    },
    'quotas.get': async ({ params: { id } }, { principal }) => {
      const providers = await reachedAccounts(parts, principal);
      if (!providers.has(id)) return refused(ACCOUNT_NOT_FOUND);
      return done({ account_id: id, quotas: parts.book.states(id).flatMap((state) => shownFor(state, providers)) });
    },
    'quotas.reset': async ({ params: { id }, query: { model } }, { principal }) => {
      if (!(await reachedAccounts(parts, principal)).has(id)) return refused(ACCOUNT_NOT_FOUND);
      parts.book.reset(id, model);
      wake(parts, id, model);
      const message = `What the account has used${model === undefined ? '' : ` of ${model}`} is forgotten.`;
      return done({ message }, { resource: 'account', resourceId: id, after: { quota: 'reset' } });
    },
    'quotas.summary': async ({ params: { provider } }, { principal }) => {
      const providers = await reachedAccounts(parts, principal);
      const own = [...providers].filter(([, each]) => each === provider).map(([id]) => id);
      return done(summaryOf(parts, provider, own));
    },
  };
}

/** Lets an account be chosen that rests because of its quota alone. */
function wake({ registry }: QuotaParts, id: string, model: string | undefined): void {
  for (const { pool } of registry.current().runtimes.values()) {
    const seat = pool.seats.find((each) => each.id === id);
    const rests = seat?.rests(0).filter(({ reason }) => reason === 'quota' || reason === 'estimate') ?? [];
    for (const rest of rests) {
      if (rest.model === undefined) seat?.whole.end();
      else if (model === undefined || rest.model === model) seat?.reset(rest.model);
    }
  }
}

/** Accounts that somebody reaches, with their providers. */
async function reachedAccounts(
  { rows, registry }: QuotaParts,
  principal: Principal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const owner = ownerFor(principal);
  const own = await rows.accounts.all(owner === undefined ? undefined : { createdBy: owner });
  const stored = own.map(({ id, providerId }) => [id, providerId] as const);
  if (owner !== undefined) return new Map(stored);
  const settled = [...registry.current().runtimes].flatMap(([providerId, { pool }]) =>
    pool.seats.flatMap(({ id, credential }) => (credential.kind === 'anonymous' ? [] : [[id, providerId] as const])),
  );
  return new Map([...settled, ...stored]);
}

function shownFor(state: QuotaState, providers: ReadonlyMap<string, string>): readonly Quota[] {
  const { accountId, model, requests, tokens, exhausted, confidence, pattern, windowStartMs, resetAtMs } = state;
  const providerId = providers.get(accountId);
  if (providerId === undefined) return [];
  const limit = pattern?.requestLimit;
  const percent = limit === undefined || limit <= 0 ? null : Math.min(100, (requests / limit) * 100);
  return [
    {
      account_id: accountId,
      provider_id: providerId,
      model,
      requests,
      tokens,
      est_request_limit: limit ?? null,
      est_token_limit: pattern?.tokenLimit ?? null,
      percent_used: percent,
      confidence,
      exhausted,
      passed_over: state.passedOver,
      window_start: timestamp(windowStartMs),
      reset_at: timestamp(resetAtMs),
    },
  ];
}

/** Shares of usable accounts from which a provider counts as healthy, or at least as degraded. */
const HEALTHY_FROM = 0.5;
const DEGRADED_FROM = 0.2;

function summaryOf({ book, registry, clock }: QuotaParts, provider: string, ids: readonly string[]) {
  const now = clock.monotonicMs();
  const seats = registry.current().runtimes.get(provider)?.pool.seats ?? [];
  const usable = seats.filter((seat) => ids.includes(seat.id) && seat.isUsable(undefined, now)).length;
  const exhausted = ids.filter((id) => book.states(id).some((state) => state.exhausted)).length;
  const share = ids.length === 0 ? undefined : usable / ids.length;
  return {
    provider,
    status: statusOf(share),
    total_accounts: ids.length,
    usable_accounts: usable,
    exhausted_accounts: exhausted,
  };
}

function statusOf(share: number | undefined): 'healthy' | 'degraded' | 'critical' | 'unknown' {
  if (share === undefined) return 'unknown';
  return share >= HEALTHY_FROM ? 'healthy' : share >= DEGRADED_FROM ? 'degraded' : 'critical';
}
