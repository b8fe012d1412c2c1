import { ArrowRight, TriangleAlert } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { Num } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useChange, useOperation } from '../../lib/use-api.ts';
import { STALE } from './stale.ts';
import { useProxyNames } from './use-proxy-names.ts';

type Foreseen = Answer<'proxies.recalculate'>;

/** Longest list of accounts here. */
const SHOWN_MAX = 100;

/** Says which accounts would get another proxy before they do. */
export function Recalculate({ onClose }: { readonly onClose: () => void }) {
  const foreseen = useOperation('proxies.recalculate', { query: { dry_run: true } });
  const recalculate = useChange('proxies.recalculate', STALE);
  const onSuccess = ({ message }: Foreseen): void => {
    toast.success(message);
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Recalculate assignments"
      description="Counts anew, and gives the accounts of proxies that are off, down or gone another with room. Others stay where they are. Accounts can be put back one by one."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={recalculate.isPending}
            disabled={foreseen.data === undefined}
            onClick={() => recalculate.mutate({ query: {} }, { onSuccess })}
          >
            Recalculate
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {foreseen.data === undefined && foreseen.error === null && <Skeleton className="h-24" />}
        {foreseen.data === undefined && foreseen.error !== null && (
          <ErrorState error={foreseen.error} onRetry={() => void foreseen.refetch()} />
        )}
        {foreseen.data !== undefined && <Preview of={foreseen.data} />}
        <FormError message={recalculate.error === null ? undefined : failureOf(recalculate.error).message} />
      </div>
    </Dialog>
  );
}

function Preview({ of: { moves, stranded } }: { readonly of: Foreseen }) {
  const nameOf = useProxyNames();
  return (
    <>
      {moves.length === 0 && stranded.length === 0 && (
        <p className="text-sm text-ink-2">No account would move: each has a proxy that can be used, or none.</p>
      )}
      {moves.length > 0 && (
        <section className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
          <h3 className="text-sm font-semibold">
            <Num value={moves.length} /> {moves.length === 1 ? 'account would move' : 'accounts would move'}
          </h3>
          <ul aria-label="Accounts that would move" className="grid text-sm">
            {moves
              .slice(0, SHOWN_MAX)
              .map(({ id, label, provider_id: provider, from_proxy_id: from, to_proxy_id: to }) => (
                <li key={id} className="grid gap-x-4 border-b border-line py-1.5 last:border-0 sm:grid-cols-2">
                  <Named label={label} id={id} provider={provider} />
                  <span className="flex min-w-0 items-center gap-1.5 text-ink-2">
                    <del className="truncate">{nameOf(from)}</del>
                    <ArrowRight className="size-3.5 shrink-0 text-ink-3" aria-label="to" />
                    <ins className="truncate text-good no-underline">{nameOf(to)}</ins>
                  </span>
                </li>
              ))}
          </ul>
          <More of={moves.length} />
        </section>
      )}
      {stranded.length > 0 && (
        <section className="grid grid-cols-[minmax(0,1fr)] gap-1.5 rounded-md border border-warn/30 bg-warn-soft px-3 py-2">
          <h3 className="flex items-center gap-2 text-sm font-semibold">
            <TriangleAlert className="size-4 shrink-0 text-warn" aria-hidden />
            <span>
              <Num value={stranded.length} /> would find no proxy with room, and rest
            </span>
          </h3>
          <ul aria-label="Accounts that would rest" className="grid grid-cols-[minmax(0,1fr)] gap-1 text-sm">
            {stranded.slice(0, SHOWN_MAX).map(({ id, label, provider_id: provider }) => (
              <li key={id}>
                <Named label={label} id={id} provider={provider} />
              </li>
            ))}
          </ul>
          <More of={stranded.length} />
          <p className="text-xs text-ink-2">Add a proxy with room first, or send these accounts out without one.</p>
        </section>
      )}
    </>
  );
}

interface NamedProps {
  readonly label: string;
  readonly id: string;
  readonly provider: string;
}

const Named = ({ label, id, provider }: NamedProps) => (
  <span className="flex min-w-0 items-baseline gap-2">
    <bdi className="truncate">{label === '' ? id : label}</bdi>
    <span className="shrink-0 text-xs text-ink-3">{provider}</span>
  </span>
);

const More = ({ of: count }: { readonly of: number }) =>
  count > SHOWN_MAX && (
    <p className="text-xs text-ink-3">
      and <Num value={count - SHOWN_MAX} /> more
    </p>
  );
