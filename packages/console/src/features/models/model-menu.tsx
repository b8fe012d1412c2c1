import type { Model } from '@patchbay/contract/resources/model';
import { Ban, CircleCheck, Ellipsis, FlaskConical, Pencil, Star, Trash2 } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { failureOf } from '../../lib/failure.ts';
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
  const said = (done: string) => ({
    onSuccess: () => toast.success(done),
    onError: (error: Error) => toast.error(failureOf(error).message),
  });
  const turn = (): void =>
    setStatus.mutate(
      { params: { id }, body: { status: isOn ? 'inactive' : 'active' } },
      said(isOn ? `${name} is switched off.` : `${name} serves again.`),
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
            onSelect: () => setDefault.mutate({ params: { id } }, said(`${name} is the default of its provider.`)),
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
