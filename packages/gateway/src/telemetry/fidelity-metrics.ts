import { Counter } from '@patchbay/llm/observe/prometheus';

import type { CallRecord, CallSink } from './call-record.ts';

/** What became of a loss: the last word of its line. */
const insteadOf = (line: string): string => /\((dropped|approximated|moved)\)$/.exec(line)?.[1] ?? '';

/** Counts what translations lost, and where they were wrong, as Prometheus text. */
export function createFidelityMetrics(): CallSink & { render(): string } {
  const violations = new Counter(
    'patchbay_grammar_violations_total',
    'Translated streams that left the grammar of events, by the format of their upstream: a fault of ours.',
    ['format', 'rule'],
  );
  const losses = new Counter('patchbay_losses_total', 'Things that translations could not carry, whole or streamed.', [
    'route',
    'provider',
    'instead',
  ]);
  return {
    record(call: CallRecord): void {
      const lastProvider = call.attempts.at(-1)?.providerId ?? '';
      for (const line of call.losses) losses.add([call.route, lastProvider, insteadOf(line)], 1);
      for (const { violations: broken = [] } of call.attempts)
        for (const { format, rule } of broken) violations.add([format, rule], 1);
    },
    render: () => violations.render() + losses.render(),
  };
}
