import { useEffect, useEffectEvent, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { ConfirmField, isConfirmed } from '../../components/ui/confirm-field.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

const KINDS = [
  ['calls', 'Log of calls'],
  ['health', 'Health of providers'],
  ['events', 'Events'],
] as const;

/** What has to be written before anything goes. */
const NAME = 'clean up';

/** Says what would go, and removes it once that was confirmed. */
export function CleanUp({ onClose }: { readonly onClose: () => void }) {
  const [written, setWritten] = useState('');
  const look = useChange('system.cleanup');
  const clean = useChange('system.cleanup', ['audit.list', 'requestLogs.list', 'system.events']);
  const ask = useEffectEvent(() => look.mutate({ body: { dryRun: true } }));
  useEffect(() => ask(), []);
  if (clean.data !== undefined) return <Removed of={clean.data.data} onClose={onClose} />;
  const kept = look.data?.data['keptDays'] as Readonly<Record<string, number>> | undefined;
  const error = clean.error ?? look.error;
  const isReady = isConfirmed(written, NAME) && kept !== undefined;
  return (
    <FormDialog
      onClose={onClose}
      title="Clean up"
      description="What is older than it has to be kept is removed. This cannot be undone: it is nowhere else. Export the calls first if in doubt."
      submitLabel="Clean up"
      isBusy={clean.isPending}
      isBlocked={!isReady}
      onSubmit={() => isReady && clean.mutate({ body: {} })}
    >
      <div className="grid gap-4 sm:col-span-2">
        {kept === undefined && error === null && <Skeleton className="h-24" />}
        {kept !== undefined && (
          <KeyValue rows={KINDS.map(([kind, label]) => [label, <Kept key={kind} days={kept[kind]} />])} />
        )}
        <ConfirmField name={NAME} written={written} onChange={setWritten} />
        <FormError message={error === null ? undefined : failureOf(error).message} />
      </div>
    </FormDialog>
  );
}

interface RemovedProps {
  readonly of: Answer<'system.cleanup'>['data'];
  readonly onClose: () => void;
}

const Removed = ({ of: removed, onClose }: RemovedProps) => (
  <Dialog isOpen onClose={onClose} title="Cleaned up" footer={<Button onClick={onClose}>Close</Button>}>
    <KeyValue
      rows={KINDS.map(([kind, label]) => [
        label,
        <span key={kind}>
          <Num value={Number(removed[kind] ?? 0)} /> removed
        </span>,
      ])}
    />
  </Dialog>
);

const Kept = ({ days }: { readonly days: number | undefined }) =>
  days === undefined || days === 0 ? (
    <>kept for ever</>
  ) : (
    <>
      kept for <Num value={days} /> days
    </>
  );
