import type { Account } from '@patchbay/contract/resources/account';

import { Badge } from '../../components/ui/badge.tsx';
import type { Column } from '../../components/ui/data-table.tsx';
import { Num, Time } from '../../components/ui/values.tsx';
import { AccountState } from './account-state.tsx';
import { KIND_WORDS, nameOf } from './words.ts';

/** Longest error in a row; the whole of it is in the sheet. */
const ERROR_SHOWN = 200;

/** What the list tells of each account. */
export const COLUMNS: readonly Column<Account>[] = [
  {
    id: 'name',
    header: 'Account',
    width: 120,
    grows: true,
    cell: (account) => (
      <span className="pl-5 font-medium" title={nameOf(account)}>
        {nameOf(account)}
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 150,
    cell: (account) => <AccountState of={account} />,
  },
  {
    id: 'kind',
    header: 'Kind',
    width: 115,
    onPhones: false,
    cell: ({ auth_kind: kind }) => <Badge>{KIND_WORDS[kind]}</Badge>,
  },
  {
    id: 'error',
    header: 'Last error',
    width: 150,
    grows: true,
    onPhones: false,
    cell: ({ last_error_msg: message }) => (
      <span className="text-ink-2" title={message?.slice(0, ERROR_SHOWN)}>
        {message?.slice(0, ERROR_SHOWN) ?? '–'}
      </span>
    ),
  },
  {
    id: 'proxy',
    header: 'Goes out by',
    width: 130,
    onPhones: false,
    cell: ({ proxy_url: url }) => (
      <span className="text-ink-2" title={url ?? undefined}>
        {url === null ? 'itself' : placeOf(url)}
      </span>
    ),
  },
  {
    id: 'calls',
    header: 'Calls',
    width: 70,
    align: 'end',
    onPhones: false,
    cell: ({ usage_count: count }) => <Num value={count} />,
  },
  {
    id: 'used',
    header: 'Last used',
    width: 110,
    onPhones: false,
    cell: ({ last_used_at: at }) => <Time at={at} isAge className="text-ink-2" />,
  },
];

/** An address without who signs in there, which would take the room of the host. */
const placeOf = (url: string): string => url.replace(/^([a-z\d]+:\/\/)[^@/]*@/, '$1');
