import type { Mapping } from '@patchbay/contract/resources/mapping';
import { Plus, Route, Signpost } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { NameFilter } from '../../components/ui/filters.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useMay, useSession } from '../../lib/use-session.ts';
import { columnsFor } from './columns.tsx';
import { DeleteMapping } from './delete-mapping.tsx';
import { MappingForm } from './mapping-form.tsx';
import { MappingMenu } from './mapping-menu.tsx';
import { MappingSheet } from './mapping-sheet.tsx';
import { TrySheet } from './try-sheet.tsx';
import { useMappings } from './use-mappings.ts';

/** What is being done. */
type Doing = { readonly what: 'add' } | { readonly what: 'change' | 'delete'; readonly mapping: Mapping };

/** Names that stand for models: everybody's, and one's own. */
export function Page() {
  const [{ search = '', mapping: openId, try: tried }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const slices = useMappings(search);
  const columns = useColumns(setDoing);
  const mayTry = useMay('logs:read');
  const add = (): void => setDoing({ what: 'add' });
  const tryName = (): void => setAddress({ try: '?', mapping: undefined });
  useActions([
    { id: 'add-mapping', label: 'Add a name for a model', run: add },
    ...(mayTry ? [{ id: 'try-name', label: 'Ask where a name goes', run: tryName }] : []),
  ]);
  const open = slices.rows.find(({ id }) => id === openId);
  return (
    <Frame fills>
      <PageHeader
        title="Mappings"
        description="Names that stand for models. One’s own wins over everybody’s, a higher priority over a lower."
        actions={<Buttons onAdd={add} onTry={mayTry ? tryName : undefined} />}
      />
      <Toolbar end={slices.rows.length > 0 && `${slices.rows.length} ${slices.rows.length === 1 ? 'name' : 'names'}`}>
        <NameFilter
          label="Names like"
          placeholder="Name or model"
          value={search}
          onChange={(value) => setAddress({ search: value }, true)}
        />
      </Toolbar>
      <DataTable
        label="Mappings"
        columns={columns}
        slices={slices}
        rowId={({ id }) => id}
        openId={openId}
        onOpen={({ id }) => setAddress({ mapping: id })}
        empty={<Empty isFiltered={search !== ''} />}
      />
      {open !== undefined && doing === undefined && (
        <MappingSheet
          mapping={open}
          onClose={() => setAddress({ mapping: undefined })}
          onChange={(mapping) => setDoing({ what: 'change', mapping })}
        />
      )}
      {tried !== undefined && doing === undefined && (
        <TrySheet
          name={tried === '?' ? '' : tried}
          onAsk={(name) => setAddress({ try: name === '' ? '?' : name })}
          onClose={() => setAddress({ try: undefined })}
        />
      )}
      <Dialogs doing={doing} onClose={() => setDoing(undefined)} />
    </Frame>
  );
}

interface ButtonsProps {
  readonly onAdd: () => void;
  /** Absent for whoever may not ask. */
  readonly onTry: (() => void) | undefined;
}

const Buttons = ({ onAdd, onTry }: ButtonsProps) => (
  <>
    {onTry !== undefined && (
      <Button icon={<Signpost aria-hidden />} onClick={onTry}>
        <span className="max-sm:sr-only">Try a name</span>
      </Button>
    )}
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={onAdd}>
      Add a name
    </Button>
  </>
);

const Empty = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <EmptyState icon={Route} title={isFiltered ? 'No name fits' : 'No names yet'}>
    {isFiltered
      ? 'Write less of it.'
      : 'Let a name of your own, such as “fast”, stand for a model: programs keep the name when the model changes.'}
  </EmptyState>
);

/** What stands in front of the list while something is done. */
function Dialogs({ doing, onClose }: { readonly doing: Doing | undefined; readonly onClose: () => void }) {
  if (doing === undefined) return null;
  if (doing.what === 'delete') return <DeleteMapping mapping={doing.mapping} onClose={onClose} />;
  return <MappingForm {...(doing.what === 'change' && { changed: doing.mapping })} onClose={onClose} />;
}

function useColumns(onDoing: (doing: Doing) => void): readonly Column<Mapping>[] {
  const userId = useSession().user?.id;
  const mayWrite = useMay('mappings:write');
  const menu = (mapping: Mapping) =>
    (mayWrite || mapping.owner_id === userId) && (
      <MappingMenu
        mapping={mapping}
        onChange={() => onDoing({ what: 'change', mapping })}
        onDelete={() => onDoing({ what: 'delete', mapping })}
      />
    );
  return [...columnsFor(userId), { id: 'menu', header: '', width: 60, cell: menu }];
}
