import type { ProviderHealth } from '@patchbay/contract/resources/health';

import { Status, type Tone } from '../../components/ui/badge.tsx';
import { Card } from '../../components/ui/card.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Duration, Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';

const REFRESH_MS = 15_000;
const SHOWN = 8;

const TONES: Readonly<Record<ProviderHealth['status'], Tone>> = {
  healthy: 'good',
  degraded: 'warn',
  down: 'bad',
  unknown: 'neutral',
};

/** Those that need a look come first. */
const URGENCY = ['down', 'degraded', 'healthy', 'unknown'];
const byUrgency = (a: ProviderHealth, b: ProviderHealth): number =>
  URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status);

/** How the providers were when they were last looked at. */
export function HealthCard() {
  const { data, error, refetch } = useOperation('health.list', undefined, { everyMs: REFRESH_MS });
  const providers = [...(data?.providers ?? [])].sort(byUrgency);
  return (
    <Card title="Providers" {...(providers.length > 0 && { hint: `${providers.length} in all` })} isPadded={false}>
      {data === undefined && error !== null && (
        <ErrorState error={error} onRetry={() => void refetch()} className="py-8" />
      )}
      {data === undefined && error === null && (
        <div className="grid gap-3 p-4">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="h-5 w-1/2" />
          <Skeleton className="h-5 w-3/5" />
        </div>
      )}
      <ul className="divide-y divide-line">
        {providers.slice(0, SHOWN).map((each) => (
          <li key={each.providerId} className="flex items-center gap-3 px-4 py-2">
            <span className="min-w-0 flex-1 truncate" title={each.error}>
              {each.name}
              {each.error !== undefined && <span className="ml-2 text-xs text-ink-3">{each.error}</span>}
            </span>
            <Duration value={each.responseTime} className="text-ink-2 max-sm:hidden" />
            <Time at={each.lastCheck} isAge className="w-20 text-right text-xs text-ink-3 max-sm:hidden" />
            <Status tone={TONES[each.status]} className="w-24">
              {each.status}
            </Status>
          </li>
        ))}
      </ul>
      {data !== undefined && providers.length === 0 && (
        <p className="px-4 py-8 text-center text-balance text-ink-3">
          No provider is set up yet. Calls of simulator/echo work without one.
        </p>
      )}
    </Card>
  );
}
