import { useMemo } from 'react';

import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { ErrorState, ForbiddenState } from '../../components/ui/states.tsx';
import { cx } from '../../lib/cx.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useNow } from '../../lib/use-now.ts';
import { useMay } from '../../lib/use-session.ts';
import { CourseCard } from './course-card.tsx';
import { Figures } from './figures.tsx';
import { FindingsCard } from './findings-card.tsx';
import { HealthCard } from './health-card.tsx';
import { LiveCard } from './live-card.tsx';
import { RankingCard } from './ranking-card.tsx';
import { SPANS, spanOf } from './spans.ts';

const MINUTE_MS = 60_000;
const REFRESH_MS = 10_000;

/** What happens now: requests, errors, tokens, money and speed, who causes them, and what the doctor found. */
export function Page() {
  const [{ span: written, measure, by }, setAddress] = useAddress();
  const span = spanOf(written);
  const mayUsage = useMay('usage:read');
  const mayLogs = useMay('logs:read');
  const mayHealth = useMay('health:read');
  const mayFindings = useMay('system:config');
  const now = useNow(MINUTE_MS);
  // Whole minutes: the same question all the minute long.
  const minute = Math.ceil(now / MINUTE_MS);
  const query = useMemo(() => {
    const to = minute * MINUTE_MS;
    return { from: new Date(to - span.ms).toISOString(), to: new Date(to).toISOString() };
  }, [minute, span]);
  const usage = useOperation('usage.traffic', { query }, { everyMs: REFRESH_MS, enabled: mayUsage });
  const traffic = usage.data;
  const hasFailed = usage.error !== null && traffic === undefined;
  return (
    <Frame>
      <PageHeader
        title="Overview"
        {...(traffic?.isEstimate === true && {
          description: `Reckoned from ${traffic.attemptsRead.toLocaleString()} attempts, evenly spread over all of them.`,
        })}
        actions={
          mayUsage && (
            <Segments
              label="Time"
              value={span.value}
              choices={SPANS}
              onChange={(value) => setAddress({ span: value })}
            />
          )
        }
      />
      {!mayUsage && !mayLogs && (
        <ForbiddenState message="Figures of all calls are for developers and administrators. Ask one of them for another role." />
      )}
      {hasFailed && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {mayUsage && !hasFailed && <Figures traffic={traffic} />}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        {mayUsage && !hasFailed && (
          <div className="grid min-w-0 gap-4">
            <CourseCard traffic={traffic} measure={measure} onMeasure={(value) => setAddress({ measure: value })} />
            <RankingCard traffic={traffic} span={span.value} by={by} onBy={(value) => setAddress({ by: value })} />
          </div>
        )}
        <div
          className={cx(
            'grid min-w-0 items-start gap-4',
            (hasFailed || !mayUsage) && 'xl:col-span-full xl:grid-cols-3',
          )}
        >
          {mayLogs && <LiveCard />}
          {mayFindings && <FindingsCard />}
          {mayHealth && <HealthCard />}
        </div>
      </div>
    </Frame>
  );
}
