import type { HealthConfig } from '@patchbay/contract/resources/health';

import { Card } from '../../components/ui/card.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { WatchForm } from './watch-form.tsx';

/** What can be changed while the gateway runs. All else is read at the start. */
export function Running() {
  const { data, error, refetch } = useOperation('health.config');
  return (
    <Card title="Watching providers" className="max-w-2xl">
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton className="h-64" />}
      {data !== undefined && <WatchForm key={keyOfConfig(data)} config={data} />}
    </Card>
  );
}

/** Another state is another form: what somebody else saved is taken over. */
const keyOfConfig = (config: HealthConfig): string => JSON.stringify(config);
