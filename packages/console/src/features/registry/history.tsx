import type { RegistryVersion } from '@patchbay/contract/resources/registry';
import { History as HistoryIcon } from 'lucide-react';
import { useState } from 'react';

import { Badge, type Tone } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { EmptyState, ErrorState, WaitingLines } from '../../components/ui/states.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { ChangeOfRow } from './change-of-row.tsx';

/** A new version is seen within this. */
const REFRESH_MS = 2000;
/** Versions shown at first. */
const SHOWN = 10;

type RowChange = RegistryVersion['changes'][number];

const TONES: Readonly<Record<RowChange['change'], Tone>> = { added: 'good', changed: 'warn', removed: 'bad' };
const NOUNS: Readonly<Record<RowChange['table'], string>> = {
  providers: 'provider',
  models: 'model',
  accounts: 'account',
};

/** The last versions of the registry, and which rows made each. */
export function History() {
  const [shown, setShown] = useState(SHOWN);
  const { data, error, refetch } = useOperation('system.registryHistory', undefined, { everyMs: REFRESH_MS });
  const versions = data?.data.versions;
  return (
    <Card title="Versions" hint="since this process began" isPadded={false}>
      {versions === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {versions === undefined && error === null && <WaitingLines lines={4} />}
      {versions?.length === 0 && (
        <EmptyState icon={HistoryIcon} title="Nothing was read yet" className="py-8">
          Each change of a provider, a model or an account makes a version; calls in the log name theirs.
        </EmptyState>
      )}
      <ol>
        {versions?.slice(0, shown).map((each) => (
          <Version key={each.version} version={each} />
        ))}
      </ol>
      {versions !== undefined && versions.length > shown && (
        <div className="border-t border-line px-4 py-2">
          <Button size="sm" variant="quiet" className="-ml-2" onClick={() => setShown(versions.length)}>
            {versions.length - shown} earlier ones
          </Button>
        </div>
      )}
    </Card>
  );
}

/** Changes of one version shown at first. */
const CHANGES_SHOWN = 5;

function Version({ version: { version, takenUpAt, changes, omitted } }: { readonly version: RegistryVersion }) {
  const [isWhole, setWhole] = useState(false);
  const told = isWhole ? changes : changes.slice(0, CHANGES_SHOWN);
  return (
    <li className="grid gap-1.5 border-b border-line px-4 py-3 last:border-0">
      <p className="flex items-baseline justify-between gap-3 text-sm">
        <span className="numeric font-medium">Version {version}</span>
        <Time at={takenUpAt} isAge className="text-xs text-ink-3" />
      </p>
      {changes.length === 0 && omitted === 0 && (
        <p className="text-xs text-ink-3">As the store was read when the process began.</p>
      )}
      <ul className="grid min-w-0 gap-1.5">
        {told.map((each) => (
          <Row key={`${each.table} ${each.subject} ${each.change}`} change={each} takenUpAt={takenUpAt} />
        ))}
      </ul>
      {told.length < changes.length && (
        <div>
          <Button size="sm" variant="quiet" className="-ml-2" onClick={() => setWhole(true)}>
            {changes.length - told.length} more
          </Button>
        </div>
      )}
      {omitted > 0 && told.length === changes.length && (
        <p className="text-xs text-ink-3">
          and <Num value={omitted} /> more
        </p>
      )}
    </li>
  );
}

function Row({ change, takenUpAt }: { readonly change: RowChange; readonly takenUpAt: string }) {
  const [isOpen, setOpen] = useState(false);
  const mayAudit = useMay('audit:read');
  const { table, subject, fields } = change;
  // The audit log names accounts by ids, which versions do not tell.
  const canOpen = mayAudit && table !== 'accounts';
  return (
    <li className="grid min-w-0 gap-1.5">
      <p className="flex min-w-0 items-baseline gap-2 text-xs">
        <Badge tone={TONES[change.change]}>{change.change}</Badge>
        <span className="shrink-0 text-ink-3">{NOUNS[table]}</span>
        <bdi className="min-w-0 truncate font-mono" title={subject}>
          {subject}
        </bdi>
        {fields.length > 0 && (
          <span className="min-w-0 truncate text-ink-2" title={fields.join(', ')}>
            {fields.join(', ')}
          </span>
        )}
        {canOpen && (
          <Button
            size="sm"
            variant="quiet"
            className="-mr-2 ml-auto"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Hide' : 'What changed'}
          </Button>
        )}
      </p>
      {isOpen && <ChangeOfRow change={change} takenUpAt={takenUpAt} />}
    </li>
  );
}
