import type { CredentialPool } from '@patchbay/llm/credentials/pool';

import type { AccountRecord } from '../../storage/records.ts';
import { defineCheck, type Found } from '../check.ts';

/** A provider without an account that may be used answers nobody. */
export const accountsAvailable = defineCheck({
  id: 'accounts-available',
  title: 'Whether every provider has an account that may be used',
  codes: {
    'accounts-all-inactive': { severity: 'error', title: 'Every account of a provider is switched off' },
    'accounts-all-resting': {
      severity: 'error',
      title: 'Every account of a provider rests',
      explains: ['account-cooling-down', 'account-locked-out', 'account-quota-spent', 'calls-without-account'],
    },
    'accounts-without-way': {
      severity: 'error',
      title: 'The proxies of all accounts of a provider are out',
      explains: ['calls-without-account'],
    },
  },
  symptoms: ['accounts-none', 'accounts-429', 'library-429'],
  reach: 'here',
  needs: ['registry', 'rows', 'clock'],
  run: async ({ registry, rows, clock }) => {
    const byProvider = Map.groupBy(await rows.accounts.all(), ({ providerId }) => providerId);
    const nowMs = clock.monotonicMs();
    const found: Found[] = [];
    for (const [id, { pool, record }] of registry.current().runtimes) {
      const own = byProvider.get(id) ?? [];
      const named = {
        subject: `provider ${id}`,
        evidence: { provider: id, accounts: Math.max(pool.size, own.length) },
      };
      if (pool.size === 0) found.push(...inactive(named, record.name, own));
      else if (pool.isStranded)
        found.push({
          ...named,
          code: 'accounts-without-way',
          cause: `All ${pool.size} accounts of ${record.name} go out through proxies, none of which can be used.`,
          remedy:
            'Mend a proxy (Console → Proxies → Test), add one, or let it be assigned anew: `POST /api/v1/proxies/recalculate`.',
        });
      for (const model of restingFor(pool, nowMs)) {
        const { atMs = nowMs, reason = 'transient' } = pool.soonest(model) ?? {};
        const seconds = Math.max(0, Math.ceil((atMs - nowMs) / 1000));
        const ofModel = model === undefined ? '' : ` for ${model}`;
        found.push({
          subject: `${named.subject}${model === undefined ? '' : ` model ${model}`}`,
          code: 'accounts-all-resting',
          cause: `${pool.size === 1 ? 'The only account' : `All ${pool.size} accounts`} of ${record.name} rest${pool.size === 1 ? 's' : ''}${ofModel} (${WORDS[reason]}). The first returns in ${seconds} s.`,
          remedy: 'Wait, add another account, or end a rest at once: Console → Accounts → Reset.',
          evidence: { ...named.evidence, reason, returnsInS: seconds, ...(model !== undefined && { model }) },
        });
      }
    }
    return found;
  },
});

/** Models for which nobody is awake; `undefined` alone where that is so for all. */
function restingFor({ seats }: CredentialPool, nowMs: number): readonly (string | undefined)[] {
  // An estimate of ours refuses nobody: where no other is left, the account is asked all the same.
  const isAsleep = (model: string | undefined): boolean =>
    seats.every((seat) => !seat.isUsable(model, nowMs) && seat.reason(model) !== 'estimate');
  // A lone account is asked all the same: there is nothing to spare it for.
  if (seats.length < 2) return [];
  if (isAsleep(undefined)) return [undefined];
  const models = new Set(seats.flatMap((seat) => seat.rests(nowMs).flatMap(({ model }) => model ?? [])));
  return [...models].filter(isAsleep);
}

const WORDS = {
  cooldown: 'too many requests',
  quota: 'the allowance has run out',
  not_found: 'the model is not there',
  auth_failed: 'the credentials are refused',
  overloaded: 'the provider is overloaded',
  limit: 'our own limits are reached',
  estimate: 'what was learned of the allowance is used up',
  transient: 'the provider failed',
} as const;

/** A row that somebody switched off, all of them: built-in providers that nobody uses have none at all. */
function inactive(
  named: Pick<Found, 'subject' | 'evidence'>,
  name: string,
  own: readonly AccountRecord[],
): readonly Found[] {
  const first = own.find(({ isActive }) => !isActive);
  if (first === undefined) return [];
  const failing = own.filter(({ lastErrorMsg }) => lastErrorMsg !== undefined).length;
  return [
    {
      ...named,
      code: 'accounts-all-inactive',
      cause: `${own.length === 1 ? 'The only account' : `All ${own.length} accounts`} of ${name} ${own.length === 1 ? 'is' : 'are'} switched off${failing > 0 ? `, ${failing} of them after failures` : ''}.`,
      remedy: `Switch one on: \`curl -X PUT $PATCHBAY_URL/api/v1/accounts/${first.id} -H "X-API-Key: $PATCHBAY_API_KEY" -H "content-type: application/json" -d '{"is_active":true}'\`, or \`UPDATE accounts SET is_active = true WHERE id = '${first.id}'\`.`,
    },
  ];
}
