import type { Template } from '@patchbay/contract/resources/template';
import { useNavigate } from '@tanstack/react-router';
import { LayoutTemplate, Plus } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { ChoiceFilter, NameFilter } from '../../components/ui/filters.tsx';
import { Page as Frame, PageHeader, Toolbar } from '../../components/ui/page.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useAddress, type Address } from '../../lib/use-address.ts';
import { useOperation } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { CopyTemplate } from './copy-template.tsx';
import { DeleteTemplate } from './delete-template.tsx';
import { TEMPLATE_COLUMNS } from './template-columns.tsx';
import { TemplateEditor } from './template-editor.tsx';
import { TemplateForm } from './template-form.tsx';
import { TemplateMenu } from './template-menu.tsx';
import { TemplateSheet } from './template-sheet.tsx';
import { useTemplates } from './use-templates.ts';

/** What can be done with one template. */
export type TemplateAct = 'use' | 'copy' | 'change' | 'delete';

/** What is being done. */
type Doing = { readonly what: 'make' } | { readonly what: TemplateAct; readonly template: Template };

/** Patterns that providers are made from: what each fills in, and one's own. */
export function Page() {
  const [{ template: openId, search = '', category = '', whose = '' }, setAddress] = useAddress();
  const [doing, setDoing] = useState<Doing>();
  const mayWrite = useMay('templates:write');
  const slices = useTemplates({ search, category, whose });
  const make = (): void => setDoing({ what: 'make' });
  const act = (what: TemplateAct, template: Template): void => setDoing({ what, template });
  useActions(mayWrite ? [{ id: 'make-template', label: 'Make a template', run: make }] : []);
  const isFiltered = search !== '' || category !== '' || whose !== '';
  return (
    <Frame fills>
      <PageHeader
        title="Templates"
        description="Patterns that providers are made from: address, sign-in and models. Built-in ones can be copied."
        actions={
          mayWrite && (
            <Button variant="primary" icon={<Plus aria-hidden />} onClick={make}>
              Make a template
            </Button>
          )
        }
      />
      <Toolbar
        end={slices.rows.length > 0 && `${slices.rows.length} ${slices.rows.length === 1 ? 'template' : 'templates'}`}
      >
        <Filters search={search} category={category} whose={whose} onChange={setAddress} />
      </Toolbar>
      <DataTable
        label="Templates"
        columns={useColumns(act)}
        slices={slices}
        rowId={({ id }) => id}
        openId={openId}
        onOpen={({ id }) => setAddress({ template: id })}
        empty={
          <EmptyState icon={LayoutTemplate} title={isFiltered ? 'No template fits these filters' : 'No templates yet'}>
            {isFiltered ? 'Take a filter away, or write less of the name.' : 'Make one, or copy a built-in one.'}
          </EmptyState>
        }
      />
      {openId !== undefined && doing === undefined && (
        <TemplateSheet id={openId} onClose={() => setAddress({ template: undefined })} onAct={act} />
      )}
      <Dialogs
        doing={doing}
        onClose={() => setDoing(undefined)}
        onMade={(id) => {
          setDoing(undefined);
          setAddress({ template: id });
        }}
      />
    </Frame>
  );
}

function useColumns(act: (what: TemplateAct, template: Template) => void): readonly Column<Template>[] {
  const cell = (template: Template) => <TemplateMenu template={template} onAct={act} />;
  return [...TEMPLATE_COLUMNS, { id: 'menu', header: '', width: 60, cell }];
}

interface DialogsProps {
  readonly doing: Doing | undefined;
  readonly onClose: () => void;
  /** Told the id of a template that was made or changed. */
  readonly onMade: (id: string) => void;
}

/** What stands in front of the list while something is done. */
function Dialogs({ doing, onClose, onMade }: DialogsProps) {
  const navigate = useNavigate();
  if (doing === undefined) return null;
  if (doing.what === 'make') return <TemplateEditor onClose={onClose} onDone={onMade} />;
  const { template } = doing;
  if (doing.what === 'copy') return <CopyTemplate template={template} onClose={onClose} onDone={onMade} />;
  if (doing.what === 'change') return <TemplateEditor changed={template} onClose={onClose} onDone={onMade} />;
  if (doing.what === 'delete') return <DeleteTemplate template={template} onClose={onClose} />;
  // The provider is shown where it can be tested.
  const show = (id: string): void => void navigate({ to: '/providers', search: { provider: id } as never });
  return <TemplateForm template={template} onClose={onClose} onDone={show} />;
}

interface FiltersProps {
  readonly search: string;
  readonly category: string;
  readonly whose: string;
  readonly onChange: (change: Address, replaces?: boolean) => void;
}

const WHOSE = [
  { value: 'own', label: 'Made here' },
  { value: 'built-in', label: 'Built in' },
];

function Filters({ search, category, whose, onChange }: FiltersProps) {
  const { data } = useOperation('templates.categories');
  const categories = (data?.categories ?? []).map(({ name, count }) => ({ value: name, label: `${name} (${count})` }));
  return (
    <>
      <NameFilter
        label="Templates named"
        placeholder="Name or description"
        value={search}
        onChange={(value) => onChange({ search: value }, true)}
      />
      <ChoiceFilter
        label="Templates of the category"
        every="Every category"
        value={category}
        choices={categories}
        onChange={(value) => onChange({ category: value })}
      />
      <ChoiceFilter
        label="Templates that are"
        every="Built in and own"
        value={whose}
        choices={WHOSE}
        onChange={(value) => onChange({ whose: value })}
      />
    </>
  );
}
