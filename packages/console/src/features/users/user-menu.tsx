import type { User } from '@patchbay/contract/resources/user';
import { Ban, CircleCheck, Ellipsis, KeyRound, Trash2, UserCog } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { ROLE_NAMES } from './roles.ts';
import { useUserActs } from './use-user-acts.ts';

export interface UserMenuProps {
  readonly user: User;
  readonly onNewPassword: () => void;
  readonly onDelete: () => void;
}

/** What an administrator can do with one user. */
export function UserMenu({ user, onNewPassword, onDelete }: UserMenuProps) {
  const { giveRole, turn } = useUserActs();
  const isActive = user.status === 'active';
  const roles = ROLE_NAMES.map((role) => ({
    label: `Role ${role}`,
    icon: <UserCog aria-hidden />,
    isChecked: role === user.role,
    onSelect: () => {
      if (role !== user.role) giveRole(user, role);
    },
  }));
  return (
    <Menu
      heading={<span className="block max-w-64 truncate">{user.username}</span>}
      groups={[
        roles,
        [
          { label: 'New password…', icon: <KeyRound aria-hidden />, onSelect: onNewPassword },
          {
            label: isActive ? 'Keep out' : 'Let in',
            icon: isActive ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: () => turn(user),
          },
        ],
        [{ label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete }],
      ]}
      trigger={
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`What to do with ${user.username}`}
          icon={<Ellipsis aria-hidden />}
        />
      }
    />
  );
}
