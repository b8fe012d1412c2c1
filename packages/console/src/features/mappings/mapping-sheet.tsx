import type { Mapping } from '@patchbay/contract/resources/mapping';
import { Pencil } from 'lucide-react';

import { Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { KeyValue } from '../../components/ui/key-value.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { useMay, useSession } from '../../lib/use-session.ts';
import { Resolved } from './resolved.tsx';
import { whoseIs } from './words.ts';

const USERS_MAX = 100;

export interface MappingSheetProps {
  readonly mapping: Mapping;
  readonly onClose: () => void;
  readonly onChange: (mapping: Mapping) => void;
}

/** One name: what it stands for, and where a call by it would go. */
export function MappingSheet({ mapping, onClose, onChange }: MappingSheetProps) {
  const mayWrite = useMay('mappings:write');
  const mayTry = useMay('logs:read');
  const isOwn = mapping.owner_id === useSession().user?.id;
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={mapping.alias}
      actions={
        (mayWrite || isOwn) && (
          <Button size="sm" icon={<Pencil aria-hidden />} onClick={() => onChange(mapping)}>
            Change
          </Button>
        )
      }
    >
      <div className="grid gap-6 p-4">
        <Facts mapping={mapping} />
        {mayTry && (
          <section>
            <h3 className="mb-2 text-sm font-semibold">Where your calls by this name go</h3>
            <Resolved name={mapping.alias} />
          </section>
        )}
      </div>
    </Sheet>
  );
}

function Facts({ mapping }: { readonly mapping: Mapping }) {
  const userId = useSession().user?.id;
  const users = useOperation('users.list', { query: { limit: USERS_MAX } }, { enabled: useMay('users:read') }).data;
  const owner = users?.data.find(({ id }) => id === mapping.owner_id)?.username;
  const whose = whoseIs(mapping, userId);
  return (
    <KeyValue
      rows={[
        [
          'State',
          <Status key="state" tone={mapping.enabled ? 'good' : 'neutral'}>
            {mapping.enabled ? 'on' : 'off'}
          </Status>,
        ],
        [
          'Goes to',
          <span key="target" className="font-mono text-xs break-all">
            {mapping.provider_id}/<bdi>{mapping.model_name}</bdi>
          </span>,
        ],
        ['Whose', owner === undefined || whose === 'yours' ? whose : `${owner}’s`],
        ['Priority', <Num key="priority" value={mapping.priority} />],
        ['Description', mapping.description ?? undefined],
        ['Added', <Time key="added" at={mapping.created_at} />],
        ['Changed', <Time key="changed" at={mapping.updated_at} isAge />],
      ]}
    />
  );
}
