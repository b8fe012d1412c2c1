import type { RegistryVersion } from '@patchbay/contract/resources/registry';
import type { AuditEntry } from '@patchbay/contract/resources/system';

import { ChangeList } from '../../components/ui/change-list.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';

type RowChange = RegistryVersion['changes'][number];

/** Entries of the audit log that are looked through. */
const ENTRIES_MAX = 200;
/** A change is taken up within this, in milliseconds; clocks of database and process may differ by some of it. */
const TAKEN_UP_WITHIN_MS = 15_000;
const SUBJECTS: Readonly<Record<RowChange['table'], string>> = {
  providers: 'provider',
  models: 'model',
  accounts: 'account',
};

export interface ChangeOfRowProps {
  readonly change: RowChange;
  readonly takenUpAt: string;
}

/** Who changed a row, and what it was before: as the audit log has it. */
export function ChangeOfRow({ change, takenUpAt }: ChangeOfRowProps) {
  const query = { subjectType: SUBJECTS[change.table], limit: ENTRIES_MAX };
  const { data, error, refetch } = useOperation('audit.list', { query });
  if (data === undefined && error !== null)
    return <ErrorState error={error} onRetry={() => void refetch()} className="py-3" />;
  if (data === undefined) return <Skeleton className="h-16" />;
  const entry = entryOf(data.entries, change, Date.parse(takenUpAt));
  if (entry === undefined)
    return (
      <p className="rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">
        The audit log has nothing of it: the gateway noted it itself, such as how a test went, it came with an import,
        or somebody changed the row by hand.
      </p>
    );
  return (
    <div className="grid gap-2 rounded-md bg-sunken px-3 py-2">
      <p className="text-xs text-ink-2">
        <bdi>{entry.actorName}</bdi>, <Time at={entry.timestamp} />
      </p>
      <ChangeList
        label={`Changes of ${change.subject}`}
        before={withoutTimes(entry.before)}
        after={withoutTimes(entry.after)}
      />
    </div>
  );
}

/** The entry of the same thing that is nearest to when it was taken up. */
function entryOf(entries: readonly AuditEntry[], { subject }: RowChange, atMs: number): AuditEntry | undefined {
  const isOfIt = ({ before, after }: AuditEntry): boolean =>
    [after?.['identifier'], before?.['identifier']].some(
      (said) => typeof said === 'string' && (subject === said || subject.endsWith(`/${said}`)),
    );
  const awayMs = ({ timestamp }: AuditEntry): number => Math.abs(atMs - Date.parse(timestamp));
  const near = entries.filter((each) => isOfIt(each) && awayMs(each) < TAKEN_UP_WITHIN_MS);
  return near.toSorted((one, other) => awayMs(one) - awayMs(other))[0];
}

/** Every change moves these. */
const withoutTimes = (state: AuditEntry['after']): object | undefined => {
  if (state === undefined) return undefined;
  const { updatedAt: _, version: __, ...rest } = state;
  return rest;
};
