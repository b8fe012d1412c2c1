import type { User } from '@patchbay/contract/resources/user';

import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-user-acts.ts';

export interface NewPasswordProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Has a password made for a user and shows it, this once. */
export function NewPassword({ user: { id, username }, onClose }: NewPasswordProps) {
  const reset = useChange('users.resetPassword', STALE);
  const password = reset.data?.password;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`A new password for ${username}`}
      size="sm"
      description={
        password === undefined
          ? 'One is made and shown once. The old one opens nothing any more and every session ends. This cannot be undone.'
          : 'Hand it over now: only a hash of it is kept, and it is shown this once.'
      }
      footer={
        password === undefined ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              isBusy={reset.isPending}
              onClick={() => reset.mutate({ params: { id }, body: {} })}
            >
              Make a password
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            I have handed it over
          </Button>
        )
      }
    >
      {password !== undefined && <CodeBlock text={password} label="The password" wraps />}
      <FormError message={reset.error === null ? undefined : failureOf(reset.error).message} />
    </Dialog>
  );
}
