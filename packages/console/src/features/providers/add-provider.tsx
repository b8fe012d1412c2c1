import type { Template } from '@patchbay/contract/resources/template';
import { PencilLine } from 'lucide-react';
import { useState } from 'react';

import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { SearchInput } from '../../components/ui/input.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { useOperation } from '../../lib/use-api.ts';
import { ProviderForm } from './provider-form.tsx';
import { TemplateForm } from './template-form.tsx';

const TEMPLATES_MAX = 100;

export interface AddProviderProps {
  readonly onClose: () => void;
  /** Told the id of what was made. */
  readonly onDone: (id: string) => void;
}

/** Makes a provider: from a template, or by hand. */
export function AddProvider({ onClose, onDone }: AddProviderProps) {
  const [chosen, setChosen] = useState<Template | 'by hand'>();
  const back = (): void => setChosen(undefined);
  if (chosen === 'by hand') return <ProviderForm onClose={onClose} onDone={onDone} />;
  if (chosen !== undefined) return <TemplateForm template={chosen} onClose={onClose} onBack={back} onDone={onDone} />;
  return <Choose onClose={onClose} onChoose={setChosen} />;
}

interface ChooseProps {
  readonly onClose: () => void;
  readonly onChoose: (chosen: Template | 'by hand') => void;
}

function Choose({ onClose, onChoose }: ChooseProps) {
  const [search, setSearch] = useState('');
  const { data, error, refetch } = useOperation('templates.list', { query: { limit: TEMPLATES_MAX } });
  const wanted = search.trim().toLowerCase();
  const found = data?.data.filter((each) => `${each.name} ${each.description ?? ''}`.toLowerCase().includes(wanted));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title="Add a provider"
      description="A template knows the address, how to sign in, and the models."
      footer={
        <Button icon={<PencilLine aria-hidden />} onClick={() => onChoose('by hand')}>
          Write it by hand
        </Button>
      }
    >
      <div className="grid gap-3">
        <SearchInput
          aria-label="Templates named"
          placeholder="Name of a template"
          value={search}
          onChange={setSearch}
        />
        {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        <ul className="grid gap-2 sm:grid-cols-2">
          {found?.map((each) => <TemplateCard key={each.id} template={each} onChoose={() => onChoose(each)} />) ??
            (error === null && Array.from({ length: 8 }, (_, at) => <Skeleton key={at} className="h-20" />))}
        </ul>
        {found?.length === 0 && (
          <p className="py-6 text-center text-sm text-ink-3">No template has this name. Write the provider by hand.</p>
        )}
      </div>
    </Dialog>
  );
}

const TemplateCard = ({ template, onChoose }: { readonly template: Template; readonly onChoose: () => void }) => (
  <li>
    <button
      type="button"
      onClick={onChoose}
      className="grid h-full w-full content-start gap-1 rounded-lg border border-line bg-surface p-3 text-left shadow-rest transition-colors hover:border-line-strong hover:bg-hover"
    >
      <span className="flex min-w-0 items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-sm font-medium">{template.name}</span>
        {!template.isSystem && <Badge tone="accent">own</Badge>}
        <span className="numeric text-xs text-ink-3">{template.defaultModels.length} models</span>
      </span>
      <span className="line-clamp-2 text-xs text-ink-2">{template.description}</span>
    </button>
  </li>
);
