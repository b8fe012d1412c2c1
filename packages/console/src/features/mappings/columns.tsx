import type { Mapping } from '@patchbay/contract/resources/mapping';

import { Badge, Status } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { whoseIs } from './words.ts';

/** Columns of the list, for whoever looks at it. */
export const columnsFor = (userId: string | undefined): readonly Column<Mapping>[] => [
  {
    id: 'alias',
    header: 'Name',
    width: 120,
    grows: true,
    cell: ({ alias }) => (
      <bdi className="font-mono text-xs font-medium" title={alias}>
        {alias}
      </bdi>
    ),
  },
  {
    id: 'target',
    header: 'Goes to',
    width: 140,
    grows: true,
    cell: ({ provider_id: provider, model_name: model }) => (
      <span className="font-mono text-xs" title={`${provider}/${model}`}>
        <span className="text-ink-3">{provider}/</span>
        <bdi>{model}</bdi>
      </span>
    ),
  },
  {
    id: 'whose',
    header: 'Whose',
    width: 140,
    onPhones: false,
    cell: (mapping) => {
      const whose = whoseIs(mapping, userId);
      return <Badge tone={whose === 'yours' ? 'accent' : 'neutral'}>{whose}</Badge>;
    },
  },
  {
    id: 'state',
    header: 'State',
    width: 90,
    onPhones: false,
    cell: ({ enabled }) => <Status tone={enabled ? 'good' : 'neutral'}>{enabled ? 'on' : 'off'}</Status>,
  },
  {
    id: 'priority',
    header: 'Priority',
    width: 90,
    align: 'end',
    onPhones: false,
    cell: ({ priority }) => <Num value={priority} />,
  },
  {
    id: 'changed',
    header: 'Changed',
    width: 130,
    onPhones: false,
    cell: ({ updated_at: at }) => <Time at={at} isAge className="text-ink-2" />,
  },
];
