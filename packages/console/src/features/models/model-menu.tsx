import type { Model } from '@patchbay/contract/resources/model';
import { Ban, CircleCheck, Ellipsis, FlaskConical, Pencil, Star, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

export interface ModelMenuProps {
  readonly model: Model;
  readonly onTest: () => void;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** What can be done with one model. */
export function ModelMenu({ model, onTest, onChange, onDelete }: ModelMenuProps) {
  const setStatus = useChange('models.setStatus', STALE);
  const setDefault = useChange('models.setDefault', STALE);
  const { id, name, status, isDefault } = model;
  const isOn = status === 'active';
  const give = (to: Model['status']) => setStatus.mutateAsync({ params: { id }, body: { status: to } });
  const turn = (): void =>
    tell(give(isOn ? 'inactive' : 'active'), isOn ? `${name} is switched off.` : `${name} serves again.`, () =>
      give(status),
    );
  return (
    <Menu
      heading={<span className="block max-w-56 truncate">{name}</span>}
      groups={[
        [
          { label: 'Try it', icon: <FlaskConical aria-hidden />, onSelect: onTest },
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          {
            label: 'Make it the default',
            icon: <Star aria-hidden />,
            isDisabled: isDefault,
            onSelect: () => tell(setDefault.mutateAsync({ params: { id } }), `${name} is the default of its provider.`),
          },
          {
            label: isOn ? 'Switch off' : 'Switch on',
            icon: isOn ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turn,
          },
        ],
        [{ label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete }],
      ]}
      trigger={
        <Button variant="quiet" size="icon-sm" aria-label={`What to do with ${name}`} icon={<Ellipsis aria-hidden />} />
      }
    />
  );
}
