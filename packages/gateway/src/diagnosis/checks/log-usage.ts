import { defineCheck, type Found } from '../check.ts';

/** A few say nothing. */
const CALLS_LEAST = 20;
const MISSING_SHARE = 0.5;

/** What nobody counted nobody can bill or bound by a budget. */
export const logUsage = defineCheck({
  id: 'log-usage',
  title: 'Whether tokens and costs of calls are known',
  codes: {
    'log-usage-missing': { severity: 'warning', title: 'A provider does not say how many tokens it used' },
    'log-price-unknown': { severity: 'info', title: 'Nobody knows what a model costs' },
  },
  symptoms: ['accounts-logs'],
  reach: 'here',
  needs: ['fidelity'],
  run: ({ fidelity }) => {
    const found: Found[] = [];
    for (const { providerId, model, successes, withoutUsage, withoutPrice } of fidelity.lately()) {
      const evidence = { provider: providerId, model, successes };
      const subject = `model ${providerId}/${model}`;
      if (successes >= CALLS_LEAST && withoutUsage > successes * MISSING_SHARE)
        found.push({
          code: 'log-usage-missing',
          subject,
          cause: `Of ${successes} answers in the last hour ${withoutUsage} did not say how many tokens they took: they are estimated, and so are budgets and costs.`,
          remedy: `Have ${providerId} send usage: with servers of your own a setting of theirs (for streams, one that allows \`stream_options.include_usage\`).`,
          evidence: { ...evidence, withoutUsage },
        });
      if (withoutPrice > 0)
        found.push({
          code: 'log-price-unknown',
          subject,
          cause: `${withoutPrice} of ${successes} calls in the last hour have no cost, because no price is known for the model.`,
          remedy: `Set the model's prices (pricingInfo) at \`PUT /api/admin/models/{id}\` or in the console; budgets in money count it as 0 until then.`,
          evidence: { ...evidence, withoutPrice },
        });
    }
    return Promise.resolve(found);
  },
});
