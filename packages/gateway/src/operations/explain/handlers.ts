import type { Explanation } from '@patchbay/contract/resources/explanation';
import type { Failure, FailureKind } from '@patchbay/llm/model/failure';

import { noAccount } from '../../accounts/no-account.ts';
import { ownerFor } from '../accounts/reachable.ts';
import { done } from '../handler.ts';
import { explainAccounts } from './explain-accounts.ts';
import type { ExplainHandlers, ExplainParts } from './parts.ts';

/** What a request would meet, without anyone being called. */
export function explainHandlers(parts: ExplainParts): ExplainHandlers {
  return {
    'explain.request': async ({ body }, { principal }) => {
      const { model, key_id: keyId, account_id: accountId } = body;
      const rules = (await parts.rulesOf?.(keyId, model, principal)) ?? { limits: [] };
      const found = parts.find(model);
      if ('failure' in found)
        return done({
          model,
          registry_version: parts.version(),
          resolution: [],
          targets: [],
          limits: [...rules.limits],
          refusal: rules.refusal ?? refusalOf(found.failure),
        });
      const bodyBytes = body.body === undefined ? 0 : JSON.stringify(body.body).length;
      const asked = { bodyBytes, accountId, owner: ownerFor(principal) };
      const targets = await Promise.all(found.targets.map((target) => explainTarget(parts, target, found, asked)));
      const refusal = rules.refusal ?? targets.map(({ refusal: each }) => each).reduce(unlessOneIsFree, undefined);
      return done({
        model,
        registry_version: found.version,
        resolution: found.targets.map((target) => `\`${model}\` goes to ${target.providerId} as \`${target.model}\`.`),
        targets: targets.map(({ shown }) => shown),
        limits: [...rules.limits],
        ...(refusal && { refusal }),
      });
    },
  };
}

type Target = Explanation['targets'][number];
type Refusal = NonNullable<Explanation['refusal']>;
type Found = Exclude<ReturnType<ExplainParts['find']>, { readonly failure: Failure }>;

interface AskedFor {
  readonly bodyBytes: number;
  readonly accountId: string | undefined;
  /** Whose accounts may be shown; `undefined` for everyone's. */
  readonly owner: string | undefined;
}

async function explainTarget(
  parts: ExplainParts,
  { providerId, model }: { readonly providerId: string; readonly model: string },
  { provider }: Found,
  { bodyBytes, accountId, owner }: AskedFor,
): Promise<{ readonly shown: Target; readonly refusal: Refusal | undefined }> {
  const runtime = provider(providerId);
  const pool = runtime?.pool ?? {
    seats: [],
    size: 0,
    isStranded: false,
    soonest: () => undefined,
    hasWay: () => false,
  };
  const { rotation, why } = parts.chooser.way({ providerId, model, accounts: pool.size, bodyBytes });
  const rows = await parts.rows.accounts.all({ providerId });
  const accounts = explainAccounts({
    seats: pool.seats,
    hasWay: (seat) => pool.hasWay(seat),
    rows,
    model,
    accountId,
    clock: parts.clock,
  });
  const isServed = accounts.some(({ shown }) => shown.usable);
  const shown: Target = {
    provider_id: providerId,
    model,
    policy: `${rotation}: ${why}`,
    price: { ...(await parts.priceOf(providerId, model)) },
    accounts: accounts.filter((each) => owner === undefined || each.owner === owner).map((each) => each.shown),
  };
  return { shown, refusal: isServed ? undefined : refusalOf(noAccount({ providerId, pool, model }, parts.clock)) };
}

/** The first refusal, as long as no target would serve the request. */
const unlessOneIsFree = (before: Refusal | undefined, each: Refusal | undefined, index: number): Refusal | undefined =>
  each === undefined || (index > 0 && before === undefined) ? undefined : (before ?? each);

const STATUSES: Readonly<Partial<Record<FailureKind, number>>> = {
  'not-found': 404,
  'rate-limit': 429,
  overloaded: 503,
};

const refusalOf = ({ kind, message }: Failure): Refusal => ({ status: STATUSES[kind] ?? 502, message });
