import type { UsageDashboard } from '@patchbay/contract/resources/usage';
import { Activity } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';

import { Card } from '../../components/ui/card.tsx';
import { EmptyState, Skeleton } from '../../components/ui/states.tsx';
import { showCount } from '../../lib/format.ts';

// The figures above are there before the drawing of the course has come.
const Chart = lazy(() => import('../../components/ui/chart.tsx').then((module) => ({ default: module.Chart })));

const HEIGHT = 240;

/** Requests and errors, hour by hour. */
export function TimelineCard({ usage }: { readonly usage: UsageDashboard | undefined }) {
  const { times, series } = useMemo(() => courseOf(usage), [usage]);
  const isEmpty = usage !== undefined && usage.totals.requests === 0;
  return (
    <Card title="Requests" hint="by hour">
      {isEmpty ? (
        <EmptyState icon={Activity} title="No calls in this time" className="py-8">
          They appear here within seconds of being made.
        </EmptyState>
      ) : (
        <Suspense fallback={<Skeleton className="h-60 w-full" />}>
          {usage === undefined ? (
            <Skeleton className="h-60 w-full" />
          ) : (
            <Chart label="Requests and errors by hour" times={times} series={series} show={showCount} height={HEIGHT} />
          )}
        </Suspense>
      )}
    </Card>
  );
}

const HOUR_MS = 3_600_000;

/** Hours without a call are none in the answer, and zeroes in the drawing. */
function courseOf(usage: UsageDashboard | undefined) {
  const byHour = new Map((usage?.timeline ?? []).map((each) => [Date.parse(each.hour), each]));
  const [from, to] = usage === undefined ? [0, 0] : [Date.parse(usage.from), Date.parse(usage.to)];
  const begins = Math.floor(from / HOUR_MS) * HOUR_MS;
  const times = Array.from(
    { length: Math.max(0, Math.ceil((to - begins) / HOUR_MS)) },
    (_, at) => begins + at * HOUR_MS,
  );
  const series = [
    { label: 'Requests', kind: 'bars' as const, values: times.map((at) => byHour.get(at)?.requests ?? 0) },
    {
      label: 'Errors',
      kind: 'bars' as const,
      tone: 'bad' as const,
      values: times.map((at) => byHour.get(at)?.errors ?? 0),
    },
  ];
  return { times, series };
}
