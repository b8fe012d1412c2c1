import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { KeyRound, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Status } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { Named } from '../../components/ui/named.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Time } from '../../components/ui/values.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useOperation, useSlices, type Slices } from '../../lib/use-api.ts';
import { KeyForm } from './key-form.tsx';
import { KeyMenu } from './key-menu.tsx';
import { KeySheet } from './key-sheet.tsx';
import { RevokeKey } from './revoke-key.tsx';
import { RotateKey } from './rotate-key.tsx';
import { isOver, limitsInWords } from './words.ts';

const PAGE_ROWS = 100;
/** When a key was used last is seen within this; a change is told. */
const REFRESH_MS = 15_000;

const COLUMNS: readonly Column<ApiKey>[] = [
  {
    id: 'label',
    header: 'Key',
    width: 140,
    grows: true,
    cell: ({ label, key_prefix: prefix }) => (
      <Named name={label === '' ? 'without a name' : label} besides={`${prefix}…`} />
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 110,
    cell: (key) =>
      isOver(key, Date.now()) ? (
        <Status>ended</Status>
      ) : (
        <Status tone={key.is_active ? 'good' : 'neutral'}>{key.is_active ? 'open' : 'off'}</Status>
      ),
  },
  {
    id: 'limits',
    header: 'May use',
    width: 320,
    grows: true,
    onPhones: false,
    cell: ({ limits }) => <span className="text-ink-2">{limitsInWords(limits)}</span>,
  },
  {
    id: 'used',
    header: 'Last used',
    width: 130,
    onPhones: false,
    cell: ({ last_used_at: at }) => <Time at={at ?? undefined} isAge className="text-ink-2" />,
  },
  {
    id: 'made',
    header: 'Since',
    width: 140,
    onPhones: false,
    cell: ({ created_at: at }) => <Time at={at} className="text-ink-2" />,
  },
];

/** What is being done with a key. */
type Doing = { readonly what: 'create' } | { readonly what: 'change' | 'rotate' | 'revoke'; readonly key: ApiKey };

/** Keys that programs call models with: what each may use and has used. */
export function Page() {
  const [{ key: openId }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const slices = useKeys();
  const open = useOpen(openId, slices);
  const close = (): void => setDoing(undefined);
  useActions([{ id: 'create', label: 'Make a key', run: () => setDoing({ what: 'create' }) }]);
  const columns = useMemo(() => [...COLUMNS, menuColumn(setDoing)], []);
  return (
    <Frame fills>
      <PageHeader
        title="Keys"
        description="What programs call models with: each with its own limits and budget."
        actions={
          <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setDoing({ what: 'create' })}>
            Make a key
          </Button>
        }
      />
      <DataTable
        label="Keys"
        columns={columns}
        slices={slices}
        rowId={({ id }) => id}
        openId={openId}
        onOpen={({ id }) => setAddress({ key: id })}
        empty={
          <EmptyState icon={KeyRound} title="No keys yet">
            The key of the first start works; a key for each program tells them apart and can be revoked by itself.
          </EmptyState>
        }
      />
      {open !== undefined && doing === undefined && (
        <KeySheet
          shown={open}
          onClose={() => setAddress({ key: undefined })}
          onChange={() => setDoing({ what: 'change', key: open })}
        />
      )}
      {doing?.what === 'create' && <KeyForm onClose={close} />}
      {doing?.what === 'change' && <KeyForm changed={doing.key} onClose={close} />}
      {doing?.what === 'rotate' && <RotateKey rotated={doing.key} onClose={close} />}
      {doing?.what === 'revoke' && <RevokeKey revoked={doing.key} onClose={close} />}
    </Frame>
  );
}

/** The key that the address names: of the list, or asked for alone. */
function useOpen(id: string | undefined, { rows, isPending }: Slices<ApiKey>): ApiKey | undefined {
  const listed = rows.find((each) => each.id === id);
  const isElsewhere = id !== undefined && listed === undefined && !isPending;
  const { data, error } = useOperation('keys.get', { params: { id: id ?? '' } }, { enabled: isElsewhere });
  return listed ?? (isElsewhere && error === null && data?.id === id ? data : undefined);
}

const menuColumn = (setDoing: (doing: Doing) => void): Column<ApiKey> => ({
  id: 'menu',
  header: '',
  width: 60,
  cell: (key) => (
    <KeyMenu
      of={key}
      onChange={() => setDoing({ what: 'change', key })}
      onRotate={() => setDoing({ what: 'rotate', key })}
      onRevoke={() => setDoing({ what: 'revoke', key })}
    />
  ),
});

const useKeys = (): Slices<ApiKey> =>
  useSlices(
    'keys.list',
    {},
    {
      first: 0,
      input: (offset) => ({ query: { offset, limit: PAGE_ROWS } }),
      rows: ({ data }) => data,
      next: ({ total, offset, data }) => (offset + data.length < total ? offset + data.length : undefined),
      everyMs: REFRESH_MS,
    },
  );
