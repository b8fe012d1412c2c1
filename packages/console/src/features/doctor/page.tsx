import { RotateCw, ShieldCheck } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Duration, Num, Time } from '../../components/ui/values.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import { FindingItem } from './finding-item.tsx';
import { HistoryCard } from './history-card.tsx';
import { SupportBundle } from './support-bundle.tsx';

const REACHES = [
  { value: 'here', label: 'This gateway' },
  { value: 'network', label: 'With providers' },
] as const;

/** What is wrong, why, and what to do about it. */
export function Page() {
  const [{ reach: asked }, setAddress] = useAddress();
  const reach = asked === 'here' ? 'here' : 'network';
  const { data, error, isFetching, refetch } = useOperation('diagnostics.run', { query: { reach } });
  const look = (): void => void refetch();
  useActions([{ id: 'doctor-again', label: 'Look again', run: look }]);
  return (
    <Frame>
      <PageHeader
        title="Doctor"
        description="What is wrong with this gateway, why, and what to do about it."
        actions={
          <>
            <SupportBundle />
            <Button variant="primary" icon={<RotateCw aria-hidden />} isBusy={isFetching} onClick={look}>
              Look again
            </Button>
          </>
        }
      />
      <Toolbar
        end={
          data !== undefined && (
            <span>
              <Num value={data.checks.ran} /> checks in <Duration value={data.tookMs} />, <Time at={data.timestamp} />
            </span>
          )
        }
      >
        <Segments
          label="How far to look"
          value={reach}
          onChange={(value) => setAddress({ reach: value === 'here' ? 'here' : undefined })}
          choices={REACHES}
        />
      </Toolbar>
      {data === undefined && error === null && <Waiting />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={look} />}
      {data?.findings.length === 0 && (
        <EmptyState icon={ShieldCheck} title="Nothing is wrong">
          {data.checks.ran} checks found nothing to mend.
          {data.checks.skipped.length > 0 &&
            ` ${data.checks.skipped.length} look at what this gateway does not have, such as another store, and were left out.`}
        </EmptyState>
      )}
      <ul className="grid gap-3" aria-label="Findings">
        {data?.findings.map((each) => (
          <FindingItem key={`${each.code} ${each.subject}`} finding={each} />
        ))}
      </ul>
      <HistoryCard />
    </Frame>
  );
}

const Waiting = () => (
  <div className="grid gap-3" aria-hidden>
    {[0, 1, 2].map((each) => (
      <div key={each} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
        <Skeleton className="h-5 w-2/5" />
        <Skeleton className="h-4 w-4/5" />
        <Skeleton className="h-8 w-full" />
      </div>
    ))}
  </div>
);
