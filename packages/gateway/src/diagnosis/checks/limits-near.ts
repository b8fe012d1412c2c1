import type { OwnedStanding } from '../ports.ts';
import { defineCheck, type Found } from '../check.ts';

/** From this share of a limit on it is worth a word. */
const NEAR = 0.9;
/** What was learned from fewer exhaustions is a guess. */
const SURE = 0.3;

const percent = (used: number, max: number): number => Math.floor((used / max) * 100);

/** Limits, budgets and allowances that are nearly or wholly used. */
export const limitsNear = defineCheck({
  id: 'limits-near',
  title: 'Whether limits, budgets and allowances are nearly used',
  codes: {
    'limit-reached': { severity: 'warning', title: 'A limit of a key or an account is reached' },
    'limit-near': { severity: 'info', title: 'A limit of a key or an account is nearly reached' },
    'account-quota-near': {
      severity: 'info',
      title: 'An account’s allowance is nearly used, as far as it was learned',
    },
  },
  symptoms: ['providers-limits', 'accounts-429', 'library-429'],
  reach: 'here',
  needs: ['standings', 'quotas'],
  run: async ({ standings, quotas }) => {
    const ofLimits = (await standings()).flatMap(ofStanding);
    const ofQuotas = quotas
      .states()
      .flatMap(({ accountId, model, requests, pattern, confidence, exhausted, passedOver, resetAtMs }) => {
        const limit = pattern?.requestLimit ?? 0;
        if (exhausted || limit === 0 || confidence < SURE || requests < limit * NEAR) return [];
        const share = percent(requests, limit);
        return [
          {
            code: 'account-quota-near',
            subject: `account ${accountId} model ${model}`,
            cause: `Account ${accountId} has made ${requests} calls of ${model}, ${share} % of the ${limit} after which its provider refused before.${passedOver ? ' Calls pass it over while another account can serve.' : ''}`,
            remedy: 'Add another account, or wait: its window ends by itself.',
            evidence: {
              account: accountId,
              model,
              requests,
              limit,
              percent: share,
              passedOver,
              resets: new Date(resetAtMs).toISOString(),
            },
          },
        ];
      });
    return [...ofLimits, ...ofQuotas];
  },
});

function ofStanding({ of, id, name, max, used, refuses, providerId }: OwnedStanding): readonly Found[] {
  // Whatever forbids everything was meant to.
  if (max === 0 || (!refuses && used < max * NEAR)) return [];
  const share = percent(used, max);
  return [
    {
      code: refuses ? 'limit-reached' : 'limit-near',
      subject: `${of} ${id} ${name}`,
      cause: `${name}: ${used} of ${max} are used (${share} %).`,
      remedy:
        of === 'key'
          ? `Raise it: \`PUT /v1/api-keys/${id}\` with {"limits":{…}}, or let its user wait.`
          : 'Raise it (Console → Accounts → Limits), or add another account.',
      evidence: {
        [of]: id,
        limit: name,
        used,
        max,
        percent: share,
        ...(providerId !== undefined && { provider: providerId }),
      },
    },
  ];
}
