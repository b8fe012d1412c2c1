import type { Finding } from '@patchbay/contract/resources/diagnostics';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { Remedy } from './remedy.tsx';

export interface MendDialogProps {
  readonly finding: Finding;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks before the gateway mends a finding itself, and tells how to take it back. */
export function MendDialog({ finding: { code, subject, title, remedy }, isOpen, onClose }: MendDialogProps) {
  const mend = useChange('diagnostics.fix', ['diagnostics.run', 'system.events']);
  const close = (): void => {
    mend.reset();
    onClose();
  };
  const run = (): void =>
    mend.mutate(
      { body: { code, subject } },
      {
        onSuccess: ({ done }) => {
          toast.success(done);
          close();
        },
      },
    );
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={`Mend: ${title}`}
      description={`The gateway does this for ${subject}, and says how to undo it. It is written to the audit log.`}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" isBusy={mend.isPending} onClick={run}>
            Mend it
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Remedy text={remedy} />
        <FormError message={mend.error === null ? undefined : failureOf(mend.error).message} />
      </div>
    </Dialog>
  );
}
