import type { KeyUsage } from '@patchbay/contract/resources/api-key';
import { lazy, Suspense, useMemo } from 'react';

import { Skeleton } from '../../components/ui/states.tsx';
import { showUsd } from '../../lib/format.ts';
import { burnDownOf } from './burn-down-lines.ts';

const Chart = lazy(() => import('../../components/ui/chart.tsx').then((module) => ({ default: module.Chart })));
const HEIGHT = 190;

export interface BurnDownProps {
  readonly usage: KeyUsage | undefined;
  readonly budgetUsd: number;
  /** From where on somebody is told; absent: nobody is. */
  readonly softUsd: number | undefined;
}

/** What is left of a budget, step by step, beside an even pace to the end of its period. */
export function BurnDown({ usage, budgetUsd, softUsd }: BurnDownProps) {
  const drawn = useMemo(
    () => usage && burnDownOf(usage, { budgetUsd, softUsd, nowMs: Date.now() }),
    [usage, budgetUsd, softUsd],
  );
  return (
    <figure className="grid gap-1">
      <Suspense fallback={<Skeleton className="h-48 w-full" />}>
        {drawn === undefined ? (
          <Skeleton className="h-48 w-full" />
        ) : (
          <Chart {...drawn} label="What is left of the budget" show={showUsd} height={HEIGHT} />
        )}
      </Suspense>
      <figcaption className="text-xs text-ink-3">
        What is left {usage?.steps !== undefined && 'day by day (UTC)'}. Calls are refused at zero.
      </figcaption>
    </figure>
  );
}
