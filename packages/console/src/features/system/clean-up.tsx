import { useEffect, useEffectEvent } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

const KINDS = [
  ['calls', 'Log of calls'],
  ['health', 'Health of providers'],
  ['events', 'Events'],
] as const;

/** Says what would go, and removes it. */
export function CleanUp({ onClose }: { readonly onClose: () => void }) {
  const look = useChange('system.cleanup');
  const clean = useChange('system.cleanup', ['audit.list', 'requestLogs.list', 'system.events']);
  const ask = useEffectEvent(() => look.mutate({ body: { dryRun: true } }));
  useEffect(() => ask(), []);
  const kept = look.data?.data['keptDays'] as Readonly<Record<string, number>> | undefined;
  const removed = clean.data?.data;
  const error = clean.error ?? look.error;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Clean up"
      description="What is older than it has to be kept is removed. This cannot be undone."
      footer={
        <>
          <Button onClick={onClose}>{removed === undefined ? 'Cancel' : 'Close'}</Button>
          {removed === undefined && (
            <Button
              variant="danger"
              isBusy={clean.isPending}
              disabled={kept === undefined}
              onClick={() => clean.mutate({ body: {} })}
            >
              Clean up
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-3" aria-live="polite">
        {kept === undefined && error === null && <Skeleton className="h-24" />}
        {kept !== undefined && (
          <KeyValue
            rows={KINDS.map(([kind, label]) => [
              label,
              removed === undefined ? (
                <Kept key={kind} days={kept[kind]} />
              ) : (
                <span key={kind}>
                  <Num value={Number(removed[kind] ?? 0)} /> removed
                </span>
              ),
            ])}
          />
        )}
        <FormError message={error === null ? undefined : failureOf(error).message} />
      </div>
    </Dialog>
  );
}

const Kept = ({ days }: { readonly days: number | undefined }) =>
  days === undefined || days === 0 ? (
    <>kept for ever</>
  ) : (
    <>
      kept for <Num value={days} /> days
    </>
  );
