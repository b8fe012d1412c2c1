import type { Proxy } from '@patchbay/contract/resources/proxy';
import { Ban, CircleCheck, Ellipsis, Pencil, Radar, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { useMay } from '../../lib/use-session.ts';
import { useProxyActs } from './use-proxy-acts.ts';
import { nameOf } from './words.ts';

export interface ProxyMenuProps {
  readonly of: Proxy;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

/** What can be done with one proxy. */
export function ProxyMenu({ of: proxy, onChange, onDelete }: ProxyMenuProps) {
  const mayWrite = useMay('proxies:write');
  const { check, turn, isChecking } = useProxyActs(proxy);
  const name = nameOf(proxy);
  if (!mayWrite) return null;
  return (
    <Menu
      heading={<span className="block max-w-64 truncate">{name}</span>}
      groups={[
        [
          { label: 'Try it now', icon: <Radar aria-hidden />, onSelect: check },
          { label: 'Change…', icon: <Pencil aria-hidden />, onSelect: onChange },
          {
            label: proxy.is_active ? 'Switch off' : 'Switch on',
            icon: proxy.is_active ? <Ban aria-hidden /> : <CircleCheck aria-hidden />,
            onSelect: turn,
          },
        ],
        [{ label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete }],
      ]}
      trigger={
        <Button
          variant="quiet"
          size="icon-sm"
          isBusy={isChecking}
          aria-label={`What to do with ${name}`}
          icon={<Ellipsis aria-hidden />}
        />
      }
    />
  );
}
