import type { Proxy } from '@patchbay/contract/resources/proxy';

import { Status } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Duration, Num, Share, Time } from '../../components/ui/values.tsx';
import { Capacity } from './capacity.tsx';
import { nameOf, stateOf } from './words.ts';

const PERCENT = 100;

/** What the list tells of each proxy. */
export const COLUMNS: readonly Column<Proxy>[] = [
  {
    id: 'name',
    header: 'Proxy',
    width: 130,
    grows: true,
    cell: (proxy) => (
      <span className="font-medium" title={nameOf(proxy)}>
        {nameOf(proxy)}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 120,
    cell: (proxy) => {
      const { tone, word } = stateOf(proxy);
      return <Status tone={tone}>{word}</Status>;
    },
  },
  {
    id: 'url',
    header: 'Address',
    width: 200,
    grows: true,
    onPhones: false,
    cell: ({ url }) => (
      <span className="font-mono text-xs text-ink-2" title={url}>
        {url}
      </span>
    ),
  },
  {
    id: 'accounts',
    header: 'Accounts',
    width: 150,
    onPhones: false,
    cell: (proxy) => <Capacity of={proxy} />,
  },
  {
    id: 'latency',
    header: 'Takes',
    width: 90,
    align: 'end',
    onPhones: false,
    cell: ({ avg_latency_ms: ms }) => <Duration value={ms === 0 ? undefined : ms} />,
  },
  {
    id: 'success',
    header: 'Goes well',
    width: 105,
    align: 'end',
    onPhones: false,
    cell: ({ success_rate: percent, usage_count: count }) => (
      <Share value={count === 0 ? undefined : percent / PERCENT} />
    ),
  },
  {
    id: 'calls',
    header: 'Calls',
    width: 80,
    align: 'end',
    onPhones: false,
    cell: ({ usage_count: count }) => <Num value={count} />,
  },
  {
    id: 'checked',
    header: 'Tried',
    width: 110,
    onPhones: false,
    cell: ({ last_checked_at: at }) => <Time at={at} isAge className="text-ink-2" />,
  },
];
