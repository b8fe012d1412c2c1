import type { ServiceState } from '@patchbay/contract/resources/system';

import { Status, type Tone } from '../../components/ui/badge.tsx';
import { Stat, StatRow } from '../../components/ui/card.tsx';
import { Bytes, Duration } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';

const REFRESH_MS = 10_000;

const TONES: Readonly<Record<ServiceState['status'], Tone>> = { up: 'good', degraded: 'warn', down: 'bad' };

/** How the process and what it stands on are. */
export function SystemRow() {
  const { data: status } = useOperation('system.status', undefined, { everyMs: REFRESH_MS });
  const { data: stats } = useOperation('system.stats', undefined, { everyMs: REFRESH_MS });
  const services = status?.data.services;
  const memory = stats?.data.memory as { readonly rss?: number } | undefined;
  return (
    <StatRow className="shrink-0 grid-cols-2 lg:grid-cols-4">
      <Stat
        label="Version"
        value={status?.data.version}
        note={
          status && (
            <>
              up for <Duration value={status.data.uptime * 1000} />
            </>
          )
        }
      />
      <Stat label="Store" value={<Part state={services?.database} />} note={asked(services?.database)} />
      <Stat label="Coordination" value={<Part state={services?.redis} />} note={asked(services?.redis)} />
      <Stat
        label="Memory"
        value={memory?.rss === undefined ? undefined : <Bytes value={memory.rss} />}
        note="resident"
      />
    </StatRow>
  );
}

const Part = ({ state }: { readonly state: ServiceState | undefined }) =>
  state === undefined ? null : (
    <Status tone={TONES[state.status]} className="text-lg">
      {state.status}
    </Status>
  );

const asked = (state: ServiceState | undefined) =>
  state?.error ??
  (state?.responseTime === undefined ? (
    'in this process'
  ) : (
    <>
      answers in <Duration value={state.responseTime} />
    </>
  ));
