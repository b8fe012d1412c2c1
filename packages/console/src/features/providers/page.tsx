import type { ProviderHealth } from '@patchbay/contract/resources/health';
import type { Provider } from '@patchbay/contract/resources/provider';
import { Cable, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { ChoiceFilter, NameFilter } from '../../components/ui/filters.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { BY_PAGE, inUse } from '../../lib/slice-shapes.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useChange, useOperation, useSlices, type Slices } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { AddProvider } from './add-provider.tsx';
import { columnsOf } from './columns.tsx';
import { DeleteProvider } from './delete-provider.tsx';
import { ProviderForm } from './provider-form.tsx';
import { ProviderMenu } from './provider-menu.tsx';
import { ProviderSheet } from './provider-sheet.tsx';

const PAGE_ROWS = 100;
const HEALTH_REFRESH_MS = 10_000;

/** What is being done. */
type Doing = { readonly what: 'add' } | { readonly what: 'change' | 'delete'; readonly provider: Provider };

/** Where calls go: every provider, how it is, and what can be done with it. */
export function Page() {
  const [{ provider: openId, search = '', status = '' }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const mayWrite = useMay('providers:write');
  const test = useChange('providers.test', ['providers.get', 'providers.list', 'providers.healthOfAll']);
  const slices = useProviders(search, status);
  const columns = useColumns(mayWrite, {
    onDoing: setDoing,
    onTest: (id) => {
      setAddress({ provider: id });
      test.mutate({ params: { id } });
    },
  });
  const close = (): void => setDoing(undefined);
  const add = (): void => setDoing({ what: 'add' });
  useActions(mayWrite ? [{ id: 'add-provider', label: 'Add a provider', run: add }] : []);
  const done = (id: string): void => {
    close();
    setAddress({ provider: id });
    // What is new is tested in sight; what was changed is, too, when its address or sign-in is another.
    if (doing?.what === 'add') test.mutate({ params: { id } });
  };
  return (
    <Frame fills>
      <PageHeader
        title="Providers"
        description="Where calls go: their addresses, how one signs in, and whether they work."
        actions={mayWrite && <AddButton onClick={add} />}
      />
      <Toolbar
        end={slices.rows.length > 0 && `${slices.rows.length} ${slices.rows.length === 1 ? 'provider' : 'providers'}`}
      >
        <Filters search={search} status={status} onChange={setAddress} />
      </Toolbar>
      <DataTable
        label="Providers"
        columns={columns}
        slices={slices}
        rowId={({ id }) => id}
        openId={openId}
        onOpen={({ id }) => setAddress({ provider: id })}
        empty={<Empty isFiltered={search !== '' || status !== ''} />}
      />
      {openId !== undefined && doing === undefined && (
        <ProviderSheet
          key={openId}
          id={openId}
          test={test}
          onClose={() => setAddress({ provider: undefined })}
          onChange={(provider) => setDoing({ what: 'change', provider })}
        />
      )}
      {doing?.what === 'add' && <AddProvider onClose={close} onDone={done} />}
      {doing?.what === 'change' && <ProviderForm changed={doing.provider} onClose={close} onDone={done} />}
      {doing?.what === 'delete' && <DeleteProvider provider={doing.provider} onClose={close} />}
    </Frame>
  );
}

const AddButton = ({ onClick }: { readonly onClick: () => void }) => (
  <Button variant="primary" icon={<Plus aria-hidden />} onClick={onClick}>
    Add a provider
  </Button>
);

const Empty = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <EmptyState icon={Cable} title={isFiltered ? 'No provider fits these filters' : 'No providers yet'}>
    {isFiltered ? 'Take a filter away, or write less of the name.' : 'Add one from a template; it is tested at once.'}
  </EmptyState>
);

interface Doings {
  readonly onDoing: (doing: Doing) => void;
  readonly onTest: (id: string) => void;
}

function useColumns(mayWrite: boolean, { onDoing, onTest }: Doings): readonly Column<Provider>[] {
  const { data } = useOperation('providers.healthOfAll', undefined, { everyMs: HEALTH_REFRESH_MS });
  const health = useMemo(
    () => new Map<string, ProviderHealth>(data?.providers.map((each) => [each.providerId, each])),
    [data],
  );
  const columns = useMemo(() => columnsOf(health), [health]);
  if (!mayWrite) return columns;
  const cell = (provider: Provider) => (
    <ProviderMenu
      provider={provider}
      onTest={() => onTest(provider.id)}
      onChange={() => onDoing({ what: 'change', provider })}
      onDelete={() => onDoing({ what: 'delete', provider })}
    />
  );
  return [...columns, { id: 'menu', header: '', width: 60, cell }];
}

const useProviders = (search: string, status: string): Slices<Provider> =>
  useSlices(
    'providers.list',
    { search, status },
    {
      ...BY_PAGE,
      input: (page) => ({ query: { page, limit: PAGE_ROWS, ...inUse({ search, status }) } }),
      rows: ({ data }) => data,
    },
  );

interface FiltersProps {
  readonly search: string;
  readonly status: string;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const STATES = [
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'testing', label: 'Testing' },
];

const Filters = ({ search, status, onChange }: FiltersProps) => (
  <>
    <NameFilter
      label="Providers named"
      placeholder="Name or identifier"
      value={search}
      onChange={(value) => onChange({ search: value }, true)}
    />
    <ChoiceFilter
      label="Providers that are"
      every="Every state"
      value={status}
      choices={STATES}
      onChange={(value) => onChange({ status: value })}
    />
  </>
);
