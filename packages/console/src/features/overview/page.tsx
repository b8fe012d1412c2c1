import { useMemo } from 'react';

import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { ErrorState, ForbiddenState } from '../../components/ui/states.tsx';
import { Select } from '../../components/ui/input.tsx';
import { useAddress } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useNow } from '../../lib/use-now.ts';
import { useMay } from '../../lib/use-session.ts';
import { BusiestCard } from './busiest-card.tsx';
import { Figures } from './figures.tsx';
import { HealthCard } from './health-card.tsx';
import { TimelineCard } from './timeline-card.tsx';

const HOUR_MS = 3_600_000;
const REFRESH_MS = 15_000;

const SPANS = { '24h': ['Last 24 hours', 24], '7d': ['Last 7 days', 168], '30d': ['Last 30 days', 720] } as const;
type Span = keyof typeof SPANS;

const isSpan = (text: string | undefined): text is Span => text !== undefined && Object.hasOwn(SPANS, text);

/** What happens now: requests, errors, tokens and money, and how the providers are. */
export function Page() {
  const [{ span: written }, setAddress] = useAddress();
  const span = isSpan(written) ? written : '24h';
  const mayUsage = useMay('usage:read');
  const mayHealth = useMay('health:read');
  const now = useNow(60_000);
  // Whole hours, as the figures are kept: the same question all the hour long.
  const query = useMemo(() => {
    const to = Math.ceil(now / HOUR_MS) * HOUR_MS;
    return { from: new Date(to - SPANS[span][1] * HOUR_MS).toISOString(), to: new Date(to).toISOString() };
  }, [Math.ceil(now / HOUR_MS), span]);
  const usage = useOperation('usage.dashboard', { query }, { everyMs: REFRESH_MS, enabled: mayUsage });
  const choose = (
    <Select
      aria-label="Time"
      className="w-40"
      value={span}
      onChange={(event) => setAddress({ span: event.target.value })}
    >
      {Object.entries(SPANS).map(([value, [label]]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
  return (
    <Frame>
      <PageHeader title="Overview" actions={mayUsage && choose} />
      {!mayUsage && (
        <ForbiddenState message="Figures of all calls are for developers and administrators. Your own are under Traffic." />
      )}
      {mayUsage && usage.error !== null && usage.data === undefined && (
        <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />
      )}
      {mayUsage && (usage.error === null || usage.data !== undefined) && (
        <>
          <Figures usage={usage.data} />
          <TimelineCard usage={usage.data} />
        </>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {mayUsage && usage.error === null && <BusiestCard usage={usage.data} />}
        {mayHealth && <HealthCard />}
      </div>
    </Frame>
  );
}
