import type { Proxy } from '@patchbay/contract/resources/proxy';
import { Network, Plus, Scale } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { Page as Frame, PageHeader } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { COLUMNS } from './columns.tsx';
import { DeleteProxy } from './delete-proxy.tsx';
import { ProxyForm } from './proxy-form.tsx';
import { ProxyMenu } from './proxy-menu.tsx';
import { ProxySheet } from './proxy-sheet.tsx';
import { Recalculate } from './recalculate.tsx';

const PAGE_ROWS = 100;
/** What is found of proxies is seen within this; a change is told. */
const REFRESH_MS = 10_000;

/** What is being done. */
type Doing = { readonly what: 'add' | 'recalculate' } | { readonly what: 'change' | 'delete'; readonly proxy: Proxy };

/** Proxies that accounts go out through: how each fares and who goes through it. */
export function Page() {
  const [{ proxy: openId }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const mayWrite = useMay('proxies:write');
  const slices = useProxies();
  const open = slices.rows.find(({ id }) => String(id) === openId);
  const close = (): void => setDoing(undefined);
  useActions(mayWrite ? [{ id: 'add', label: 'Add a proxy', run: () => setDoing({ what: 'add' }) }] : []);
  const columns = useMemo(() => [...COLUMNS, menuColumn(setDoing)], []);
  return (
    <Frame fills>
      <PageHeader
        title="Egress proxies"
        description="What accounts go out through: how each fares, and how many accounts it carries."
        actions={mayWrite && <Adding hasRows={slices.rows.length > 0} setDoing={setDoing} />}
      />
      <DataTable
        label="Egress proxies"
        columns={columns}
        slices={slices}
        rowId={({ id }) => String(id)}
        openId={openId}
        onOpen={({ id }) => setAddress({ proxy: String(id) })}
        empty={
          <EmptyState icon={Network} title="No proxies">
            Calls go straight to the providers. Add a proxy, and accounts that are added from then on go out through it.
          </EmptyState>
        }
      />
      {open !== undefined && doing === undefined && (
        <ProxySheet
          shown={open}
          onClose={() => setAddress({ proxy: undefined })}
          onChange={() => setDoing({ what: 'change', proxy: open })}
        />
      )}
      {doing?.what === 'add' && <ProxyForm onClose={close} />}
      {doing?.what === 'recalculate' && <Recalculate onClose={close} />}
      {doing?.what === 'change' && <ProxyForm changed={doing.proxy} onClose={close} />}
      {doing?.what === 'delete' && <DeleteProxy deleted={doing.proxy} onClose={close} />}
    </Frame>
  );
}

interface AddingProps {
  readonly hasRows: boolean;
  readonly setDoing: (doing: Doing) => void;
}

const Adding = ({ hasRows, setDoing }: AddingProps) => (
  <>
    {hasRows && (
      <Button icon={<Scale aria-hidden />} onClick={() => setDoing({ what: 'recalculate' })}>
        <span className="max-sm:sr-only">Recalculate…</span>
      </Button>
    )}
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setDoing({ what: 'add' })}>
      Add a proxy
    </Button>
  </>
);

const menuColumn = (setDoing: (doing: Doing) => void): Column<Proxy> => ({
  id: 'menu',
  header: '',
  width: 56,
  cell: (proxy) => (
    <ProxyMenu
      of={proxy}
      onChange={() => setDoing({ what: 'change', proxy })}
      onDelete={() => setDoing({ what: 'delete', proxy })}
    />
  ),
});

const useProxies = (): Slices<Proxy> =>
  useSlices(
    'proxies.list',
    {},
    {
      first: 0,
      input: (offset) => ({ query: { offset, limit: PAGE_ROWS } }),
      rows: ({ data }) => data,
      next: ({ total, offset, data }) => (offset + data.length < total ? offset + data.length : undefined),
      everyMs: REFRESH_MS,
    },
  );
