import type { User } from '@patchbay/contract/resources/user';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-user-acts.ts';

export interface DeleteUserProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Asks before a user is gone. */
export function DeleteUser({ user, onClose }: DeleteUserProps) {
  const remove = useChange('users.delete', STALE);
  const onSuccess = (): void => {
    onClose();
    toast.success(`${user.username} was deleted.`);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete user"
      name={user.username}
      consequence="Sessions end at once and keys of this user open nothing any more. This cannot be undone: the password is known to nobody else. Keeping the user out can be undone."
      change={remove}
      onConfirm={() => remove.mutate({ params: { id: user.id } }, { onSuccess })}
    />
  );
}
