import { Stat, StatRow } from '../../components/ui/card.tsx';
import { Bytes, Duration, Money, Num } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { REFRESH_MS } from './words.ts';

const MS_PER_SECOND = 1000;

/** What the process is, holds and has done today. */
export function Figures() {
  const { data, error } = useOperation('system.stats', undefined, { everyMs: REFRESH_MS });
  const { data: status } = useOperation('system.status', undefined, { everyMs: REFRESH_MS });
  if (data === undefined && error !== null) return null;
  const stats = data?.data;
  const memory = stats?.memory as { readonly rss?: number; readonly heapUsed?: number } | undefined;
  const cost = stats?.['costTodayUsd'];
  return (
    <StatRow className="grid-cols-2 lg:grid-cols-4">
      <Stat label="Version" value={status?.data.version} note={status && <UpFor seconds={status.data.uptime} />} />
      <Stat
        label="Memory"
        value={memory && <Bytes value={memory.rss} />}
        note={
          memory && (
            <>
              <Bytes value={memory.heapUsed} /> in use
            </>
          )
        }
      />
      <Stat
        label="Calls today"
        value={stats && <Num value={stats.requestsToday} />}
        note={
          stats && (
            <>
              <Num value={stats.errorsToday} /> failed
              {typeof cost === 'number' && (
                <>
                  , <Money value={cost} />
                </>
              )}
            </>
          )
        }
      />
      <Stat
        label="Users"
        value={stats && <Num value={stats.users} />}
        note={
          stats && (
            <>
              <Num value={stats.providers} /> providers, <Num value={stats.models} /> models
            </>
          )
        }
      />
    </StatRow>
  );
}

const UpFor = ({ seconds }: { readonly seconds: number }) => (
  <>
    up for <Duration value={seconds * MS_PER_SECOND} />
  </>
);
