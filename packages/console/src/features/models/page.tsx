import type { Model } from '@patchbay/contract/resources/model';
import { Boxes, Plus, Radar } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Combobox, type Choice } from '../../components/ui/combobox.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { CHOICE, ChoiceFilter, NameFilter } from '../../components/ui/filters.tsx';
import { Checkbox } from '../../components/ui/input.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { cx } from '../../lib/cx.ts';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useChange } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { BulkBar, CHOSEN_MAX } from './bulk-bar.tsx';
import { columnsOf } from './columns.tsx';
import { DeleteModel } from './delete-model.tsx';
import { Discover } from './discover.tsx';
import { ModelForm } from './model-form.tsx';
import { ModelMenu } from './model-menu.tsx';
import { ModelSheet } from './model-sheet.tsx';
import { useModels, useProviderChoices } from './use-models.ts';

/** What is being done. */
type Doing = { readonly what: 'add' | 'discover' } | { readonly what: 'change' | 'delete'; readonly model: Model };

/** What can be called: every model with what it can do and costs. */
export function Page() {
  const [{ model: openId, search = '', provider = '', status = '' }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayWrite = useMay('models:write');
  const { choices, nameOf } = useProviderChoices();
  const test = useChange('models.test');
  const slices = useModels({ search, provider, status });
  const columns = useColumns(mayWrite, nameOf, {
    chosen,
    onChoose: setChosen,
    onChange: (model) => setDoing({ what: 'change', model }),
    onDelete: (model) => setDoing({ what: 'delete', model }),
    onTest: (id) => {
      setAddress({ model: id });
      test.mutate({ params: { id } });
    },
  });
  const add = (): void => setDoing({ what: 'add' });
  const discover = (): void => setDoing({ what: 'discover' });
  useActions(mayWrite ? actionsOf(add, discover) : []);
  const close = (): void => setDoing(undefined);
  return (
    <Frame fills>
      <PageHeader
        title="Models"
        description="What can be called, by provider: what it can do, and what it costs."
        actions={mayWrite && <Buttons onAdd={add} onDiscover={discover} />}
      />
      <Toolbar end={chosen.size > 0 ? <BulkBar chosen={chosen} onDone={() => setChosen(new Set())} /> : undefined}>
        <Filters search={search} provider={provider} status={status} choices={choices} onChange={setAddress} />
      </Toolbar>
      <DataTable
        label="Models"
        columns={columns}
        slices={slices}
        rowId={({ id }) => id}
        openId={openId}
        onOpen={({ id }) => setAddress({ model: id })}
        empty={<Empty isFiltered={search !== '' || provider !== '' || status !== ''} />}
      />
      {openId !== undefined && doing === undefined && (
        <ModelSheet
          key={openId}
          id={openId}
          provider={nameOf}
          test={test}
          onClose={() => setAddress({ model: undefined })}
          onChange={(model) => setDoing({ what: 'change', model })}
        />
      )}
      <Dialogs doing={doing} providerId={provider} providers={choices} onClose={close} />
    </Frame>
  );
}

const actionsOf = (add: () => void, discover: () => void) => [
  { id: 'add-model', label: 'Add a model', run: add },
  { id: 'discover-models', label: 'Discover models', run: discover },
];

interface DialogsProps {
  readonly doing: Doing | undefined;
  readonly providerId: string;
  readonly providers: ReturnType<typeof useProviderChoices>['choices'];
  readonly onClose: () => void;
}

/** What stands in front of the list while something is done. */
function Dialogs({ doing, ...rest }: DialogsProps) {
  if (doing === undefined) return null;
  if (doing.what === 'discover') return <Discover {...rest} />;
  if (doing.what === 'delete') return <DeleteModel model={doing.model} onClose={rest.onClose} />;
  return <ModelForm {...(doing.what === 'change' && { changed: doing.model })} {...rest} />;
}

const Buttons = ({ onAdd, onDiscover }: { readonly onAdd: () => void; readonly onDiscover: () => void }) => (
  <>
    <Button icon={<Radar aria-hidden />} onClick={onDiscover}>
      <span className="max-sm:sr-only">Discover</span>
    </Button>
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={onAdd}>
      Add a model
    </Button>
  </>
);

const Empty = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <EmptyState icon={Boxes} title={isFiltered ? 'No model fits these filters' : 'No models yet'}>
    {isFiltered ? 'Take a filter away, or write less of the name.' : 'Add one, or let a provider tell which it has.'}
  </EmptyState>
);

interface Doings {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onTest: (id: string) => void;
  readonly onChange: (model: Model) => void;
  readonly onDelete: (model: Model) => void;
}

function useColumns(mayWrite: boolean, nameOf: (id: string) => string, doings: Doings): readonly Column<Model>[] {
  const columns = useMemo(() => columnsOf(nameOf), [nameOf]);
  if (!mayWrite) return columns;
  const { chosen, onChoose, onTest, onChange, onDelete } = doings;
  const mark = ({ id, name }: Model) => (
    <Checkbox
      aria-label={`Mark ${name}`}
      checked={chosen.has(id)}
      disabled={!chosen.has(id) && chosen.size >= CHOSEN_MAX}
      onCheckedChange={(isOn) => {
        const others = [...chosen].filter((each) => each !== id);
        onChoose(new Set(isOn === true ? [...others, id] : others));
      }}
    />
  );
  const menu = (model: Model) => (
    <ModelMenu
      model={model}
      onTest={() => onTest(model.id)}
      onChange={() => onChange(model)}
      onDelete={() => onDelete(model)}
    />
  );
  return [
    { id: 'mark', header: '', width: 40, onPhones: false, cell: mark },
    ...columns,
    { id: 'menu', header: '', width: 60, cell: menu },
  ];
}

interface FiltersProps {
  readonly search: string;
  readonly provider: string;
  readonly status: string;
  readonly choices: readonly Choice[];
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const STATES = [
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'deprecated', label: 'Deprecated' },
];

const EVERY: Choice = { value: '', label: 'Every provider' };

const Filters = ({ search, provider, status, choices, onChange }: FiltersProps) => (
  <>
    <NameFilter
      label="Models named"
      placeholder="Name or identifier"
      value={search}
      onChange={(value) => onChange({ search: value }, true)}
    />
    {choices.length > 0 && (
      <Combobox
        aria-label="Models of"
        className={cx(CHOICE, 'sm:w-52')}
        value={provider}
        choices={[EVERY, ...choices]}
        onChange={(value) => onChange({ provider: value })}
      />
    )}
    <ChoiceFilter
      label="Models that are"
      every="Every state"
      value={status}
      choices={STATES}
      onChange={(value) => onChange({ status: value })}
    />
  </>
);
