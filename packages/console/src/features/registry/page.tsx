import { Link } from '@tanstack/react-router';
import { RotateCw, ShieldCheck } from 'lucide-react';
import { toast } from 'sonner';

import { Status, type Tone } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Card, Stat, StatRow } from '../../components/ui/card.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Duration, Num, Share, Time } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useChange, useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { History } from './history.tsx';

/** Somebody else's change is seen within this. */
const REFRESH_MS = 2000;
const MS_PER_SECOND = 1000;
const TONES: Readonly<Record<RegistryStatus['status'], Tone>> = { healthy: 'good', degraded: 'warn', error: 'bad' };

type RegistryStatus = Answer<'system.registryStatus'>['data'];

/** What is served right now, and which rows of the store cannot be. */
export function Page() {
  const { data, error, refetch } = useOperation('system.registryStatus', undefined, { everyMs: REFRESH_MS });
  const refresh = useChange('system.registryRefresh', [
    'system.registryStatus',
    'system.registryHistory',
    'system.registryHealth',
  ]);
  const mayRefresh = useMay('system:config');
  const again = (): void =>
    refresh.mutate(
      {},
      {
        onSuccess: ({ version }) => toast.success(`The store was read again; version ${version} is served.`),
        onError: (failed) => toast.error(failureOf(failed).message),
      },
    );
  useActions(mayRefresh ? [{ id: 'registry-refresh', label: 'Read the store again', run: again }] : []);
  const status = data?.data;
  return (
    <Frame>
      <PageHeader
        title="Registry"
        description="What is served right now, as it was read from the store. Changes are taken up within a second."
        actions={
          mayRefresh && (
            <Button variant="primary" icon={<RotateCw aria-hidden />} isBusy={refresh.isPending} onClick={again}>
              Read again
            </Button>
          )
        }
      />
      {status === undefined && error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          <Figures status={status} />
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <History />
            <div className="grid gap-4">
              <Quarantine status={status} />
              <Watching />
            </div>
          </div>
        </>
      )}
    </Frame>
  );
}

const Figures = ({ status }: { readonly status: RegistryStatus | undefined }) => (
  <StatRow className="grid-cols-2 lg:grid-cols-4">
    <Stat
      label="Version"
      value={status && <Num value={status.version} />}
      note={
        status && (
          <>
            since <Time at={status.lastRefresh} isAge />
          </>
        )
      }
    />
    <Stat
      label="Providers"
      value={status && <Num value={status.providersLoaded} />}
      note={status && <Status tone={TONES[status.status]}>{status.status}</Status>}
    />
    <Stat
      label="Models"
      value={status && <Num value={status.modelsLoaded} />}
      note={
        status && (
          <>
            <Num value={status.accountsLoaded} /> {status.accountsLoaded === 1 ? 'account' : 'accounts'}
          </>
        )
      }
    />
    <Stat
      label="Success, last hour"
      value={status && <Share value={status.performance.successRate} />}
      note={
        status && (
          <>
            <Duration value={status.performance.averageResponseTime} /> on average
          </>
        )
      }
    />
  </StatRow>
);

const Quarantine = ({ status }: { readonly status: RegistryStatus | undefined }) => (
  <Card
    title="Rows that cannot be used"
    hint={status && status.errors.length > 0 ? `${status.errors.length}` : undefined}
    isPadded={false}
  >
    {status === undefined && <Skeleton className="m-4 h-32" />}
    {status?.errors.length === 0 && (
      <EmptyState icon={ShieldCheck} title="Every row is served">
        A row that somebody wrote by hand and that cannot be read would stand here with the reason; what was good before
        goes on serving.
      </EmptyState>
    )}
    <ul>
      {status?.errors.map((each) => (
        <li key={each} className="border-b border-line px-4 py-2.5 text-sm break-words text-bad last:border-0">
          <bdi>{each}</bdi> <PlaceOf problem={each} />
        </li>
      ))}
    </ul>
  </Card>
);

const PROBLEM = /^(providers|models|accounts) (\S+):/;

/** Where the row of a problem can be mended. */
const PlaceOf = ({ problem }: { readonly problem: string }) => {
  const [, table, subject] = PROBLEM.exec(problem) ?? [];
  if (table === undefined || subject === undefined) return null;
  return (
    <Link
      to={`/${table}`}
      search={{ search: subject } as never}
      className="whitespace-nowrap text-accent underline underline-offset-2"
    >
      Look at it
    </Link>
  );
};

function Watching() {
  const mayChange = useMay('health:write');
  const { data } = useOperation('system.registryMonitoring');
  const { data: health } = useOperation('system.registryHealth', undefined, { everyMs: REFRESH_MS });
  const config = data?.data.config;
  const counts = health?.data;
  const every = (seconds: number) => (
    <span>
      every <Duration value={seconds * MS_PER_SECOND} />
    </span>
  );
  return (
    <Card
      title="How it watches"
      actions={
        mayChange && (
          <Button asChild size="sm">
            <Link to="/settings" search={{ view: 'running' } as never}>
              Change
            </Link>
          </Button>
        )
      }
    >
      {config === undefined || counts === undefined ? (
        <Skeleton className="h-48" />
      ) : (
        <KeyValue
          rows={[
            ['Reads the whole store', config.enableAutoRefresh ? every(config.refreshInterval) : 'only when asked'],
            ['Checks providers', config.enableHealthMonitoring ? every(config.healthCheckInterval) : 'never'],
            ['Healthy', <Num key="healthy" value={counts.healthy} />],
            ['Degraded', <Num key="degraded" value={counts.degraded} />],
            ['Down', <Num key="down" value={counts.down} />],
            ['Not checked yet', <Num key="unknown" value={counts.unknown} />],
          ]}
        />
      )}
    </Card>
  );
}
