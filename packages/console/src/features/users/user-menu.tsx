import type { User } from '@patchbay/contract/resources/user';
import { Ban, CircleCheck, Ellipsis, Trash2, UserCog } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { ROLE_NAMES } from './roles.ts';

const STALE = ['users.list', 'audit.list'] as const;

/** What an administrator can do with one user. */
export function UserMenu({ user }: { readonly user: User }) {
  const [isDeleting, setDeleting] = useState(false);
  const setStatus = useChange('users.setStatus', STALE);
  const setRole = useChange('users.setRole', STALE);
  const params = { id: user.id };
  const isActive = user.status === 'active';
  const said = (done: string) => ({
    onSuccess: () => toast.success(done),
    onError: (error: Error) => toast.error(failureOf(error).message),
  });
  const roles = ROLE_NAMES.map((role) => ({
    label: `Role ${role}`,
    icon: <UserCog aria-hidden />,
    isChecked: role === user.role,
    onSelect: () => setRole.mutate({ params, body: { role } }, said(`${user.username} is ${role} now.`)),
  }));
  const status = {
    label: isActive ? 'Keep out' : 'Let in',
    icon: isActive ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
    onSelect: () =>
      setStatus.mutate(
        { params, body: { status: isActive ? 'disabled' : 'active' } },
        said(isActive ? `${user.username} is kept out; every session has ended.` : `${user.username} may sign in.`),
      ),
  };
  const deletion = {
    label: 'Delete…',
    icon: <Trash2 aria-hidden />,
    isDanger: true,
    onSelect: () => setDeleting(true),
  };
  return (
    <>
      <Menu
        heading={user.username}
        groups={[roles, [status, deletion]]}
        trigger={
          <Button
            variant="quiet"
            size="icon-sm"
            aria-label={`What to do with ${user.username}`}
            icon={<Ellipsis aria-hidden />}
          />
        }
      />
      {isDeleting && <DeleteUser user={user} onClose={() => setDeleting(false)} />}
    </>
  );
}

interface DeleteUserProps {
  readonly user: User;
  readonly onClose: () => void;
}

function DeleteUser({ user, onClose }: DeleteUserProps) {
  const remove = useChange('users.delete', STALE);
  const onSuccess = (): void => {
    onClose();
    toast.success(`${user.username} was deleted.`);
  };
  return (
    <ConfirmByName
      isOpen
      onClose={onClose}
      title="Delete user"
      name={user.username}
      consequence="Sessions end at once and keys of this user open nothing any more. This cannot be undone; keeping the user out can."
      isBusy={remove.isPending}
      error={remove.error === null ? undefined : failureOf(remove.error).message}
      onConfirm={() => remove.mutate({ params: { id: user.id } }, { onSuccess })}
    />
  );
}
