import type { Traffic, TrafficSums } from '@patchbay/contract/resources/usage';
import { Activity } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';

import { Card } from '../../components/ui/card.tsx';
import type { Series } from '../../components/ui/chart.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { EmptyState, Skeleton } from '../../components/ui/states.tsx';
import { showCount, showDuration, showUsd, type Shown } from '../../lib/format.ts';

// The figures above are there before the drawing of the course has come.
const Chart = lazy(() => import('../../components/ui/chart.tsx').then((module) => ({ default: module.Chart })));

const HEIGHT = 240;

interface Line extends Omit<Series, 'values'> {
  readonly valueOf: (step: TrafficSums) => number | null;
}

interface Measure {
  readonly label: string;
  readonly show: (value: number) => Shown;
  readonly lines: readonly Line[];
}

/** What can be drawn, by its name in the address. */
const MEASURES = {
  requests: {
    label: 'Requests',
    show: showCount,
    lines: [
      { label: 'Requests', kind: 'bars', valueOf: ({ requests }) => requests },
      { label: 'Errors', kind: 'bars', tone: 'bad', valueOf: ({ errors }) => errors },
    ],
  },
  latency: {
    label: 'Latency',
    show: showDuration,
    lines: [
      { label: 'p50', kind: 'area', valueOf: ({ latencyMs }) => latencyMs.p50 },
      { label: 'p95', tone: 'warn', valueOf: ({ latencyMs }) => latencyMs.p95 },
      { label: 'p99', tone: 'bad', valueOf: ({ latencyMs }) => latencyMs.p99 },
    ],
  },
  ttft: {
    label: 'First token',
    show: showDuration,
    lines: [
      { label: 'p50', kind: 'area', valueOf: ({ firstTokenMs }) => firstTokenMs.p50 },
      { label: 'p95', tone: 'warn', valueOf: ({ firstTokenMs }) => firstTokenMs.p95 },
      { label: 'p99', tone: 'bad', valueOf: ({ firstTokenMs }) => firstTokenMs.p99 },
    ],
  },
  tokens: {
    label: 'Tokens',
    show: showCount,
    lines: [
      { label: 'In', kind: 'area', tone: 'muted', valueOf: ({ inputTokens }) => inputTokens },
      { label: 'Out', kind: 'area', valueOf: ({ outputTokens }) => outputTokens },
    ],
  },
  spent: {
    label: 'Spent',
    show: showUsd,
    lines: [{ label: 'Spent', kind: 'bars', valueOf: ({ costUsd }) => costUsd }],
  },
} as const satisfies Readonly<Record<string, Measure>>;

type MeasureName = keyof typeof MEASURES;
const CHOICES = Object.entries(MEASURES).map(([value, { label }]) => ({ value: value as MeasureName, label }));

export interface CourseCardProps {
  readonly traffic: Traffic | undefined;
  readonly measure: string | undefined;
  readonly onMeasure: (measure: string) => void;
}

/** One measure over the time that was chosen. */
export function CourseCard({ traffic, measure, onMeasure }: CourseCardProps) {
  const name: MeasureName = CHOICES.find(({ value }) => value === measure)?.value ?? 'requests';
  const { label, show, lines } = MEASURES[name];
  const times = useMemo(() => (traffic?.timeline ?? []).map(({ at }) => Date.parse(at)), [traffic]);
  const series = useMemo(
    () =>
      (lines as readonly Line[]).map(({ valueOf, ...look }) => ({
        ...look,
        values: (traffic?.timeline ?? []).map(valueOf),
      })),
    [traffic, lines],
  );
  return (
    <Card
      title="Over time"
      actions={<Segments label="What is drawn" value={name} onChange={onMeasure} choices={CHOICES} />}
      className="min-w-0"
    >
      {traffic?.totals.requests === 0 ? (
        <EmptyState icon={Activity} title="No calls in this time" className="min-h-60 justify-center py-0">
          They appear here within seconds of being made.
        </EmptyState>
      ) : (
        <Suspense fallback={<Skeleton className="h-60 w-full" />}>
          {traffic === undefined ? (
            <Skeleton className="h-60 w-full" />
          ) : (
            <Chart label={`${label} over time`} times={times} series={series} show={show} height={HEIGHT} />
          )}
        </Suspense>
      )}
    </Card>
  );
}
