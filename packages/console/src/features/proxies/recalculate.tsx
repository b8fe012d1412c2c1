import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Num } from '../../components/ui/values.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange, useOperation } from '../../lib/use-api.ts';
import { STALE } from './stale.ts';

/** Says how accounts are spread now before they are counted anew. */
export function Recalculate({ onClose }: { readonly onClose: () => void }) {
  const { data } = useOperation('proxies.assignments');
  const recalculate = useChange('proxies.recalculate', STALE);
  const onSuccess = ({ message }: { readonly message: string }): void => {
    toast.success(message);
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Recalculate assignments"
      description="Counts anew, and gives the accounts of proxies that are off, down or gone another with room. Others stay where they are."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={recalculate.isPending}
            onClick={() => recalculate.mutate({ query: {} }, { onSuccess })}
          >
            Recalculate
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <KeyValue
          rows={(data?.proxies ?? []).map(
            ({ proxy_id: id, label, assigned_accounts: count }) =>
              [
                label ?? `Proxy ${id}`,
                <span key={id}>
                  <Num value={count} /> {count === 1 ? 'account' : 'accounts'} now
                </span>,
              ] as const,
          )}
        />
        <FormError message={recalculate.error === null ? undefined : failureOf(recalculate.error).message} />
      </div>
    </Dialog>
  );
}
