import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { Ban, CircleCheck, Ellipsis, Pencil, RefreshCw, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-save-key.ts';
import { nameOf } from './words.ts';

export interface KeyMenuProps {
  readonly of: ApiKey;
  readonly onChange: () => void;
  readonly onRotate: () => void;
  readonly onRevoke: () => void;
}

/** What can be done with one key. */
export function KeyMenu({ of: key, onChange, onRotate, onRevoke }: KeyMenuProps) {
  const update = useChange('keys.update', STALE);
  const name = nameOf(key);
  const turn = (isActive: boolean) => update.mutateAsync({ params: { id: key.id }, body: { is_active: isActive } });
  const turnOver = (): void =>
    tell(turn(!key.is_active), key.is_active ? `${name} is switched off.` : `${name} opens again.`, () =>
      turn(key.is_active),
    );
  return (
    <Menu
      heading={<span className="block max-w-64 truncate">{name}</span>}
      groups={[
        [
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          ...(key.is_active ? [{ label: 'Rotate…', icon: <RefreshCw aria-hidden />, onSelect: onRotate }] : []),
          {
            label: key.is_active ? 'Switch off' : 'Switch on',
            icon: key.is_active ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turnOver,
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
