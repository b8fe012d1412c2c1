import type { ServiceState } from '@patchbay/contract/resources/system';

import { Status } from '../../components/ui/badge.tsx';
import { Card } from '../../components/ui/card.tsx';
import { ErrorState, WaitingLines } from '../../components/ui/states.tsx';
import { Duration, Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { PARTS, REFRESH_MS, STATE_TONES } from './words.ts';

/** How each part of the system is, as it was asked just now. */
export function PartsCard() {
  const { data, error, refetch } = useOperation('system.status', undefined, { everyMs: REFRESH_MS });
  const status = data?.data;
  return (
    <Card
      title="Parts"
      hint={
        status && (
          <>
            asked <Time at={status.timestamp} isAge />
          </>
        )
      }
      isPadded={false}
    >
      {status === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {status === undefined && error === null && <WaitingLines lines={5} />}
      <ul>
        {status &&
          PARTS.map((part) => {
            const state = status.services[part.name];
            return state === undefined ? null : <Part key={part.name} {...part} state={state} />;
          })}
      </ul>
    </Card>
  );
}

interface PartProps {
  readonly label: string;
  readonly about: string;
  readonly state: ServiceState;
}

const Part = ({ label, about, state: { status, responseTime, error, details } }: PartProps) => (
  <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-0">
    <div className="min-w-40 flex-1">
      <h3 className="text-sm font-medium">{label}</h3>
      <p className="text-xs text-ink-3">{about}</p>
      {error !== undefined && (
        <p className="mt-1 text-xs break-words text-bad">
          <bdi>{error}</bdi>
        </p>
      )}
      {error === undefined && details !== undefined && <Details details={details} />}
    </div>
    <div className="text-right">
      <Status tone={STATE_TONES[status]} className="text-sm">
        {status}
      </Status>
      {responseTime !== undefined && responseTime > 0 && (
        <p className="text-xs text-ink-3">
          answers in <Duration value={responseTime} />
        </p>
      )}
    </div>
  </li>
);

/** Whatever a part tells besides, in its own names. */
const Details = ({ details }: { readonly details: Readonly<Record<string, unknown>> }) => {
  const told = Object.entries(details).filter(([, value]) => typeof value !== 'boolean' && !isEmptyList(value));
  if (told.length === 0) return null;
  return (
    <p className="mt-1 text-xs break-words text-ink-2">
      {told.map(([name, value]) => `${name}: ${textOf(value)}`).join(', ')}
    </p>
  );
};

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(String).join(' ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
};
