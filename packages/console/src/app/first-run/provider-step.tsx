import type { Template } from '@patchbay/contract/resources/template';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { SearchInput } from '../../components/ui/input.tsx';
import { PhaseList } from '../../components/ui/phase-list.tsx';
import { ErrorState, Skeleton } from '../../components/ui/states.tsx';
import { TemplateForm } from '../../features/providers/template-form.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange, useOperation } from '../../lib/use-api.ts';

const TEMPLATES_MAX = 100;
/** Enough for two columns without a page of its own; the rest is a search away. */
const SHOWN = 8;
/** Whom most people come with; templates of others follow in the order of their names. */
const FIRST_NAMES = ['openai', 'anthropic', 'google', 'openrouter'];

export interface ProviderStepProps {
  /** The provider that was added already. */
  readonly providerId: string | undefined;
  readonly onAdded: (id: string) => void;
  readonly onNext: () => void;
}

/** A provider from a template, and whether it answers, phase by phase. */
export function ProviderStep({ providerId, onAdded, onNext }: ProviderStepProps) {
  const [chosen, setChosen] = useState<Template>();
  const test = useChange('providers.test', ['providers.get', 'providers.list']);
  const added = (id: string): void => {
    setChosen(undefined);
    onAdded(id);
    test.mutate({ params: { id } });
  };
  return (
    <>
      {providerId === undefined ? (
        <Card title="Whose models shall it be?">
          <Templates onChoose={setChosen} />
        </Card>
      ) : (
        <Tested id={providerId} test={test} />
      )}
      <footer className="flex justify-end">
        <Button variant={providerId === undefined ? 'plain' : 'primary'} size="lg" onClick={onNext}>
          {providerId === undefined ? 'Pass over: try it with the simulator' : 'Next: a key'}
        </Button>
      </footer>
      {chosen !== undefined && <TemplateForm template={chosen} onClose={() => setChosen(undefined)} onDone={added} />}
    </>
  );
}

function Templates({ onChoose }: { readonly onChoose: (template: Template) => void }) {
  const [search, setSearch] = useState('');
  const { data, error, refetch } = useOperation('templates.list', { query: { limit: TEMPLATES_MAX } });
  if (data === undefined && error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const wanted = search.trim().toLowerCase();
  const found = data?.data.filter((each) => `${each.name} ${each.description ?? ''}`.toLowerCase().includes(wanted));
  const shown = found?.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, SHOWN);
  return (
    <div className="grid gap-3">
      <SearchInput aria-label="Templates named" placeholder="Name of a provider" value={search} onChange={setSearch} />
      <ul className="grid gap-2 sm:grid-cols-2" aria-label="Templates">
        {shown?.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              onClick={() => onChoose(each)}
              className="grid h-full w-full content-start gap-1 rounded-lg border border-line bg-surface p-3 text-left shadow-rest transition-colors hover:border-line-strong hover:bg-hover"
            >
              <span className="truncate text-sm font-medium">{each.name}</span>
              <span className="line-clamp-2 text-xs text-ink-2">{each.description}</span>
            </button>
          </li>
        )) ?? Array.from({ length: SHOWN }, (_, at) => <Skeleton key={at} className="h-20" />)}
      </ul>
      {found?.length === 0 && (
        <p className="py-4 text-center text-sm text-ink-3">
          No template has this name. The page Providers takes any address that speaks OpenAI’s dialect.
        </p>
      )}
    </div>
  );
}

/** Templates are named after their providers; the list keeps its own order for those that are none of the first. */
function rankOf({ id }: Template): number {
  const at = FIRST_NAMES.findIndex((each) => id.startsWith(each));
  return at === -1 ? FIRST_NAMES.length : at;
}

interface TestedProps {
  readonly id: string;
  readonly test: ReturnType<typeof useChange<'providers.test'>>;
}

function Tested({ id, test }: TestedProps) {
  const { data: provider, error, refetch } = useOperation('providers.get', { params: { id } });
  if (provider === undefined)
    return error === null ? (
      <Skeleton className="h-64 w-full rounded-lg" />
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    );
  return (
    <Card
      title={provider.name}
      hint={`${provider.modelCount} models`}
      actions={
        <Button size="sm" isBusy={test.isPending} onClick={() => test.mutate({ params: { id } })}>
          Test again
        </Button>
      }
    >
      {test.error !== null && <p className="mb-3 text-sm text-bad">{failureOf(test.error).message}</p>}
      <PhaseList test={test.data ?? provider.testResult} isRunning={test.isPending} />
    </Card>
  );
}
