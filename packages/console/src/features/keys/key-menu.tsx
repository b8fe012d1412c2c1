import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { Ban, CircleCheck, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

export interface KeyMenuProps {
  readonly of: ApiKey;
  readonly onChange: () => void;
  readonly onRevoke: () => void;
}

/** What can be done with one key. */
export function KeyMenu({ of: key, onChange, onRevoke }: KeyMenuProps) {
  const update = useChange('keys.update', ['keys.list', 'audit.list']);
  const name = key.label === '' ? key.key_prefix : key.label;
  const turn = (): void =>
    update.mutate(
      { params: { id: key.id }, body: { is_active: !key.is_active } },
      {
        onSuccess: () => toast.success(key.is_active ? `${name} is switched off.` : `${name} opens again.`),
        onError: (error) => toast.error(failureOf(error).message),
      },
    );
  return (
    <Menu
      heading={name}
      groups={[
        [
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          {
            label: key.is_active ? 'Switch off' : 'Switch on',
            icon: key.is_active ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turn,
          },
        ],
        [{ label: 'Revoke…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onRevoke }],
      ]}
      trigger={
        <Button variant="quiet" size="icon-sm" aria-label={`What to do with ${name}`} icon={<Ellipsis aria-hidden />} />
      }
    />
  );
}
