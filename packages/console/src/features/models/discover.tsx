import { useEffect, useEffectEvent, useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Combobox, type Choice } from '../../components/ui/combobox.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './words.ts';

export interface DiscoverProps {
  readonly providerId: string;
  readonly providers: readonly Choice[];
  readonly onClose: () => void;
}

/** Asks a provider which models it has, shows what would be added, and adds it. */
export function Discover({ providerId: first, providers, onClose }: DiscoverProps) {
  const [providerId, setProviderId] = useState(first);
  const look = useChange('models.import');
  const add = useChange('models.import', STALE);
  const ask = useEffectEvent((id: string) => look.mutate({ params: { providerId: id }, body: { dryRun: true } }));
  useEffect(() => {
    if (providerId !== '') ask(providerId);
  }, [providerId]);
  const found = look.isPending ? undefined : look.data;
  const count = found?.import.imported.length ?? 0;
  const onSuccess = ({ summary }: Answer<'models.import'>): void => {
    toast.success(`${summary.imported} models were added.`);
    onClose();
  };
  const error = add.error ?? look.error;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Discover models"
      description="Asks the provider for its own list. Nothing is added before you say so."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={add.isPending}
            disabled={count === 0}
            onClick={() => add.mutate({ params: { providerId }, body: {} }, { onSuccess })}
          >
            {count === 0 ? 'Add' : `Add ${count} models`}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="Provider">
          {(control) => <Combobox {...control} value={providerId} choices={providers} onChange={setProviderId} />}
        </Field>
        {look.isPending && <Skeleton className="h-40" />}
        {error !== null && <FormError message={failureOf(error).message} />}
        {found !== undefined && <Found found={found} />}
      </div>
    </Dialog>
  );
}

const Found = ({ found: { import: found } }: { readonly found: Answer<'models.import'> }) => (
  <div className="grid gap-3" aria-live="polite">
    <Group title="To be added" rows={found.imported.map((identifier) => [identifier, ''])} />
    <Group title="Left as they are" rows={found.skipped.map(({ identifier, reason }) => [identifier, reason])} />
    <Group title="Cannot be added" rows={found.errors.map(({ identifier, error }) => [identifier, error])} />
  </div>
);

const Group = ({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, string])[] }) =>
  rows.length === 0 ? null : (
    <section>
      <h3 className="mb-1 text-xs font-medium text-ink-3">
        {title} <span className="numeric">{rows.length}</span>
      </h3>
      <ul
        // It scrolls where it is long, so the keys must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-40 overflow-y-auto rounded-md border border-line"
      >
        {rows.map(([identifier, note]) => (
          <li key={identifier} className="flex gap-3 border-b border-line px-3 py-1 last:border-0">
            <span className="min-w-0 flex-1 truncate font-mono text-xs">{identifier}</span>
            <span className="max-w-[60%] truncate text-xs text-ink-3" title={note}>
              {note}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
