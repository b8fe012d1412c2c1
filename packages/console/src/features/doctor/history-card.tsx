import type { SystemEvent } from '@patchbay/contract/resources/system';

import { Badge, type Tone } from '../../components/ui/badge.tsx';
import { Card } from '../../components/ui/card.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';

const SHOWN = 30;
const REFRESH_MS = 15_000;

const TONES: Readonly<Record<SystemEvent['type'], Tone>> = {
  info: 'neutral',
  warning: 'warn',
  error: 'bad',
  critical: 'bad',
};

/** What came and went. */
export function HistoryCard() {
  const { data, error, refetch } = useOperation('system.events', { query: { limit: SHOWN } }, { everyMs: REFRESH_MS });
  return (
    <Card title="What happened" hint="the newest first" isPadded={false}>
      {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <div className="grid gap-3 p-4">
          <Skeleton className="h-4 w-3/5" />
          <Skeleton className="h-4 w-2/5" />
        </div>
      )}
      {data?.data.events.length === 0 && (
        <p className="px-4 py-8 text-center text-sm text-ink-3">Nothing worth telling has happened yet.</p>
      )}
      <ul className="divide-y divide-line">
        {data?.data.events.map((each) => (
          <li key={each.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2 text-sm">
            <Badge tone={TONES[each.type]}>{each.type}</Badge>
            <span className="min-w-0 flex-1 basis-60 break-words">{each.message}</span>
            <span className="text-xs text-ink-3">
              <Time at={each.timestamp} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
