import type { Decision, LimitAnswer } from './limit-store.ts';
import { inPlanOrder } from './limit-plan.ts';
import type { Frees, Limit, Standing } from './limiter.ts';

/** What a store said, limit by limit. */
export const standingsOf = (limits: readonly Limit[], { answers }: Decision): readonly Standing[] =>
  inPlanOrder(limits).map((limit, index) => {
    const answer = answers[index] ?? { used: 0, refused: false, freesAtMs: 0 };
    return { limit, used: answer.used, ...(answer.refused && { frees: freesOf(answer) }) };
  });

/** Of the limits that refuse the one that takes longest to free; `undefined` when none refuses. */
export const hardestOf = (standings: readonly Standing[]): Standing | undefined =>
  standings
    .filter(({ frees }) => frees !== undefined)
    .toSorted((a, b) => untilMs(b.frees) - untilMs(a.frees))
    .at(0);

function freesOf({ freesAtMs }: LimitAnswer): Frees {
  if (freesAtMs < 0) return { kind: 'never' };
  return freesAtMs === 0 ? { kind: 'when-one-ends' } : { kind: 'at', atMs: freesAtMs };
}

function untilMs(frees: Frees | undefined): number {
  if (frees?.kind === 'at') return frees.atMs;
  return frees?.kind === 'never' ? Infinity : 0;
}
