import type { UsageDashboard, UsageSums } from '@patchbay/contract/resources/usage';
import type { ReactNode } from 'react';

import { Stat, StatRow } from '../../components/ui/card.tsx';
import { Sparkline } from '../../components/ui/sparkline.tsx';
import { Duration, Money, Num, Share, Tokens } from '../../components/ui/values.tsx';

interface Figure {
  readonly label: string;
  readonly value: (totals: UsageSums) => ReactNode;
  readonly note: (totals: UsageSums) => ReactNode;
  readonly course: (hour: UsageSums) => number;
  readonly tone?: 'bad';
}

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
        <Tokens value={inputTokens} /> in, <Tokens value={outputTokens} /> out
      </>
    ),
    course: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
  },
  {
    label: 'Spent',
    value: ({ costUsd }) => <Money value={costUsd} />,
    note: ({ callsOfUnknownPrice }) =>
      callsOfUnknownPrice > 0 && (
        <>
          <Num value={callsOfUnknownPrice} /> {callsOfUnknownPrice === 1 ? 'call' : 'calls'} of unknown price
        </>
      ),
    course: ({ costUsd }) => costUsd,
  },
  {
    label: 'Average latency',
    value: ({ averageLatencyMs, requests }) => <Duration value={requests === 0 ? undefined : averageLatencyMs} />,
    note: () => undefined,
    course: ({ averageLatencyMs }) => averageLatencyMs,
  },
];

/** The figures of the time that was chosen, each with its course. */
export const Figures = ({ usage }: { readonly usage: UsageDashboard | undefined }) => (
  <StatRow className="grid-cols-2 md:grid-cols-3 xl:grid-cols-5 [&>*:last-child]:max-xl:max-md:col-span-2">
    {FIGURES.map(({ label, value, note, course, tone }) => (
      <Stat
        key={label}
        label={label}
        value={usage && value(usage.totals)}
        note={usage && note(usage.totals)}
        chart={
          usage && (
            <Sparkline
              values={usage.timeline.map(course)}
              label={`${label} by hour`}
              className="hidden shrink-0 sm:block"
              {...(tone !== undefined && { tone })}
            />
          )
        }
      />
    ))}
  </StatRow>
);
