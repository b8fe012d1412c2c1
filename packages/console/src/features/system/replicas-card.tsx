import { Badge } from '../../components/ui/badge.tsx';
import { Card } from '../../components/ui/card.tsx';
import { ErrorState, WaitingLines } from '../../components/ui/states.tsx';
import { Duration } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { useOperation } from '../../lib/use-api.ts';
import { REFRESH_MS } from './words.ts';

type Replica = Answer<'system.replicas'>['data']['replicas'][number];

/** Clocks that differ by less are the same, as far as messages can tell. In milliseconds. */
const SAME_CLOCK_MS = 1000;

/** Processes that share the same Redis. */
export function ReplicasCard() {
  const { data, error, refetch } = useOperation('system.replicas', undefined, { everyMs: REFRESH_MS });
  const replicas = data?.data.replicas;
  const own = replicas?.find(({ isThis }) => isThis);
  return (
    <Card title="Processes" hint={replicas && replicas.length > 0 ? `${replicas.length}` : undefined} isPadded={false}>
      {replicas === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {replicas === undefined && error === null && <WaitingLines lines={2} />}
      <ul>
        {replicas?.map((each) => (
          <ReplicaItem key={each.id} replica={each} version={own?.version} />
        ))}
      </ul>
      {replicas?.length === 1 && (
        <p className="border-t border-line px-4 py-3 text-xs text-ink-3">
          It runs alone. Several that share one Redis (REDIS_URL) stand here together.
        </p>
      )}
    </Card>
  );
}

const ReplicaItem = ({ replica, version }: { readonly replica: Replica; readonly version: string | undefined }) => (
  <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2.5 text-sm last:border-0">
    <span className="min-w-0 flex-1 truncate font-mono text-xs" title={replica.id}>
      {replica.id}
    </span>
    {replica.isThis && <Badge tone="accent">this one</Badge>}
    {!replica.hasSameSettings && <Badge tone="warn">other settings</Badge>}
    {Math.abs(replica.clockAheadMs) > SAME_CLOCK_MS && (
      <Badge tone="warn">
        clock {replica.clockAheadMs > 0 ? 'ahead' : 'behind'} by <Duration value={Math.abs(replica.clockAheadMs)} />
      </Badge>
    )}
    <Badge tone={replica.version === version ? 'neutral' : 'warn'}>{replica.version}</Badge>
  </li>
);
