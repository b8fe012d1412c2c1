import type { ReactNode } from 'react';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useChange } from '../../lib/use-api.ts';
import { CleanUp } from './clean-up.tsx';
import { CACHES } from './words.ts';

/** What keeps the gateway tidy, each at once. */
export function Maintenance() {
  const [isCleaning, setCleaning] = useState(false);
  const check = useChange('system.registryHealthCheck', [
    'providers.healthOfAll',
    'system.registryHealth',
    'health.list',
  ]);
  const checkAll = (): void =>
    check.mutate(
      {},
      {
        onSuccess: ({ message }) => toast.success(message),
        onError: (error) => toast.error(failureOf(error).message),
      },
    );
  useActions([
    { id: 'check-all', label: 'Check every provider', run: checkAll },
    { id: 'clean-up', label: 'Clean up', run: () => setCleaning(true) },
  ]);
  return (
    <Card title="Upkeep" isPadded={false}>
      <ul>
        <Act title="Check every provider" about="Asks each one now, as the regular checks do.">
          <Button size="sm" isBusy={check.isPending} onClick={checkAll}>
            Check now
          </Button>
        </Act>
        <Act title="Clean up" about="Removes log rows, health and events that need not be kept any longer.">
          <Button size="sm" onClick={() => setCleaning(true)}>
            Clean up…
          </Button>
        </Act>
        <Caches />
      </ul>
      {isCleaning && <CleanUp onClose={() => setCleaning(false)} />}
    </Card>
  );
}

interface ActProps {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

const Act = ({ title, about, children }: ActProps) => (
  <li className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-3 last:border-0">
    <div className="min-w-40 flex-1">
      <h3 className="text-sm font-medium">{title}</h3>
      <p className="text-xs text-ink-3">{about}</p>
    </div>
    <div className="flex flex-wrap gap-2">{children}</div>
  </li>
);

function Caches() {
  const clear = useChange('debug.clearCache', ['audit.list']);
  const forget = (endpoint: (typeof CACHES)[number]['endpoint'], label: string): void =>
    clear.mutate(
      { query: { endpoint } },
      {
        onSuccess: ({ cleared }) => toast.success(`${label}: ${cleared} remembered answers were forgotten.`),
        onError: (error) => toast.error(failureOf(error).message),
      },
    );
  return (
    <Act title="Forget what was made" about="In every process: the next request of the same wording is made anew.">
      {CACHES.map(({ endpoint, label }) => (
        <Button
          key={endpoint}
          size="sm"
          isBusy={clear.isPending && clear.variables.query.endpoint === endpoint}
          onClick={() => forget(endpoint, label)}
        >
          {label}
        </Button>
      ))}
    </Act>
  );
}
