import type { Quantiles, Traffic, TrafficSums } from '@patchbay/contract/resources/usage';
import type { ReactNode } from 'react';

import { Stat, StatRow } from '../../components/ui/card.tsx';
import { Sparkline } from '../../components/ui/sparkline.tsx';
import { Duration, Money, Num, Share, Tokens } from '../../components/ui/values.tsx';

interface Figure {
  readonly label: string;
  readonly value: (totals: TrafficSums) => ReactNode;
  readonly note: (totals: TrafficSums) => ReactNode;
  readonly course: (step: TrafficSums) => number;
  readonly tone?: 'bad';
}

const Slow = ({ of }: { readonly of: Quantiles }) =>
  of.p50 === null ? null : (
    <>
      p95 <Duration value={of.p95} /> · p99 <Duration value={of.p99} />
    </>
  );

const FIGURES: readonly Figure[] = [
  {
    label: 'Requests',
    value: ({ requests }) => <Num value={requests} />,
    note: () => undefined,
    course: ({ requests }) => requests,
  },
  {
    label: 'Errors',
    value: ({ errors }) => <Num value={errors} />,
    note: ({ requests, errors }) =>
      requests > 0 && (
        <>
          <Share value={errors / requests} /> of requests
        </>
      ),
    course: ({ errors }) => errors,
    tone: 'bad',
  },
  {
    label: 'Tokens',
    value: ({ inputTokens, outputTokens }) => <Tokens value={inputTokens + outputTokens} />,
    note: ({ inputTokens, outputTokens }) => (
      <>
        <Tokens value={inputTokens} /> in · <Tokens value={outputTokens} /> out
      </>
    ),
    course: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  },
  {
    label: 'Spent',
    value: ({ costUsd }) => <Money value={costUsd} />,
    note: ({ costUsd, requests }) =>
      requests > 0 &&
      costUsd > 0 && (
        <>
          <Money value={costUsd / requests} /> a request
        </>
      ),
    course: ({ costUsd }) => costUsd,
  },
  {
    label: 'First token, median',
    value: ({ firstTokenMs }) => <Duration value={firstTokenMs.p50} />,
    note: ({ firstTokenMs }) => <Slow of={firstTokenMs} />,
    course: ({ firstTokenMs }) => firstTokenMs.p50 ?? 0,
  },
  {
    label: 'Latency, median',
    value: ({ latencyMs }) => <Duration value={latencyMs.p50} />,
    note: ({ latencyMs }) => <Slow of={latencyMs} />,
    course: ({ latencyMs }) => latencyMs.p50 ?? 0,
  },
];

/** The figures of the time that was chosen, each with its course. */
export const Figures = ({ traffic }: { readonly traffic: Traffic | undefined }) => (
  <StatRow className="grid-cols-2 md:grid-cols-3 2xl:grid-cols-6">
    {FIGURES.map(({ label, value, note, course, tone }) => (
      <Stat
        key={label}
        label={label}
        value={traffic && value(traffic.totals)}
        note={traffic && note(traffic.totals)}
        chart={
          traffic && (
            <Sparkline
              values={traffic.timeline.map(course)}
              label={`${label} over time`}
              className="hidden w-20 shrink-0 sm:block"
              {...(tone !== undefined && { tone })}
            />
          )
        }
      />
    ))}
  </StatRow>
);
