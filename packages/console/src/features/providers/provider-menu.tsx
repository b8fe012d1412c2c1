import type { Provider } from '@patchbay/contract/resources/provider';
import { Ban, Cable, CircleCheck, Ellipsis, Pencil, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu, type MenuItem } from '../../components/ui/menu.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';

export interface ProviderMenuProps {
  readonly provider: Provider;
  readonly onTest: () => void;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** What can be done with one provider. */
export function ProviderMenu({ provider, onTest, onChange, onDelete }: ProviderMenuProps) {
  const { id, name, status, isSystem } = provider;
  const setStatus = useChange('providers.setStatus', ['providers.list', 'providers.get', 'audit.list']);
  const isOn = status === 'active';
  const give = (to: Provider['status']) => setStatus.mutateAsync({ params: { id }, body: { status: to } });
  const turn = (): void =>
    tell(give(isOn ? 'inactive' : 'active'), isOn ? `${name} is switched off.` : `${name} serves again.`, () =>
      give(status),
    );
  const last: readonly MenuItem[] = [
    { label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete },
  ];
  return (
    <Menu
      heading={<span className="block max-w-56 truncate">{name}</span>}
      groups={[
        [
          { label: 'Test the connection', icon: <Cable aria-hidden />, onSelect: onTest },
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          {
            label: isOn ? 'Switch off' : 'Switch on',
            icon: isOn ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turn,
          },
        ],
        // What is built in can be switched off, not deleted.
        ...(isSystem ? [] : [last]),
      ]}
      trigger={
        <Button variant="quiet" size="icon-sm" aria-label={`What to do with ${name}`} icon={<Ellipsis aria-hidden />} />
      }
    />
  );
}
