import type { Mapping } from '@patchbay/contract/resources/mapping';
import { Ban, CircleCheck, Ellipsis, Pencil, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { tell } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

export interface MappingMenuProps {
  readonly mapping: Mapping;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** What can be done with one name. */
export function MappingMenu({ mapping: { id, alias, enabled, version }, onChange, onDelete }: MappingMenuProps) {
  const update = useChange('mappings.update', STALE);
  const params = { alias: id };
  const turn = (): void =>
    tell(
      update.mutateAsync({ params, body: { enabled: !enabled, version } }),
      enabled ? `${alias} is switched off.` : `${alias} stands for its model again.`,
      () => update.mutateAsync({ params, body: { enabled } }),
    );
  return (
    <Menu
      heading={<span className="block max-w-56 truncate">{alias}</span>}
      groups={[
        [
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          {
            label: enabled ? 'Switch off' : 'Switch on',
            icon: enabled ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turn,
          },
        ],
        [{ label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete }],
      ]}
      trigger={
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`What to do with ${alias}`}
          icon={<Ellipsis aria-hidden />}
        />
      }
    />
  );
}
