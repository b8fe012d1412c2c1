import { Counter } from '@patchbay/llm/observe/prometheus';

import type { CallRecord, CallSink } from './call-record.ts';

const NANO_PER_USD = 1e9;

/** Counts what calls cost and what limits did, as Prometheus text. */
export function createSpendingMetrics(): CallSink & { render(): string } {
  const spent = new Counter('patchbay_cost_usd_total', 'Price of attempts, where it is known.', ['provider']);
  const unpriced = new Counter(
    'patchbay_unpriced_attempts_total',
    'Attempts that used something nobody knows the price of.',
    ['provider'],
  );
  const refused = new Counter('patchbay_limit_refusals_total', 'Calls that a limit refused.', ['limit']);
  const soft = new Counter('patchbay_soft_budget_calls_total', 'Calls made while a soft budget was spent.', ['whose']);
  return {
    record({ attempts, refusedBy, softBudget }: CallRecord): void {
      for (const { providerId, costNanoUsd, costState } of attempts) {
        if (costNanoUsd !== undefined) spent.add([providerId], costNanoUsd / NANO_PER_USD);
        if (costState === 'unknown') unpriced.add([providerId], 1);
      }
      if (refusedBy !== undefined) refused.add([refusedBy], 1);
      if (softBudget !== undefined) soft.add([softBudget], 1);
    },
    render: () => [spent, unpriced, refused, soft].map((each) => each.render()).join(''),
  };
}
