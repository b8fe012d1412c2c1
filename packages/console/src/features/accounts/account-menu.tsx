import type { Account } from '@patchbay/contract/resources/account';
import { Ban, CircleCheck, Ellipsis, HeartPulse, LogOut, Pencil, RefreshCw, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { useMay } from '../../lib/use-session.ts';
import { useAccountActs } from './use-account-acts.ts';
import { nameOf } from './words.ts';

export interface AccountMenuProps {
  readonly of: Account;
  readonly onChange: () => void;
  readonly onRevoke: () => void;
  readonly onDelete: () => void;
}

/** What can be done with one account. */
export function AccountMenu({ of: account, onChange, onRevoke, onDelete }: AccountMenuProps) {
  const mayWrite = useMay('accounts:write');
  const mayDelete = useMay('accounts:delete');
  const { turn, reset, renew } = useAccountActs(account);
  const name = nameOf(account);
  if (!mayWrite) return null;
  return (
    <Menu
      heading={<span className="block max-w-64 truncate">{name}</span>}
      groups={[
        [
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          {
            label: account.is_active ? 'Switch off' : 'Switch on',
            icon: account.is_active ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turn,
          },
          { label: 'Forget its failures', icon: <HeartPulse aria-hidden />, onSelect: () => reset() },
          ...(account.auth_kind === 'oauth'
            ? [{ label: 'Exchange its token now', icon: <RefreshCw aria-hidden />, onSelect: renew }]
            : []),
        ],
        ...(mayDelete
          ? [
              [
                ...(account.auth_kind === 'oauth'
                  ? [{ label: 'Sign out…', icon: <LogOut aria-hidden />, isDanger: true, onSelect: onRevoke }]
                  : []),
                { label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete },
              ],
            ]
          : []),
      ]}
      trigger={
        <Button variant="quiet" size="icon-sm" aria-label={`What to do with ${name}`} icon={<Ellipsis aria-hidden />} />
      }
    />
  );
}
