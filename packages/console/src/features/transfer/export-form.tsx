import { Download } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { Segments } from '../../components/ui/segments.tsx';
import { useMay } from '../../lib/use-session.ts';
import { Passphrase } from './passphrase.tsx';
import { ProviderChoice } from './provider-choice.tsx';
import { Tick } from './tick.tsx';
import { useExport, type ExportState } from './use-export.ts';
import { PASSPHRASE_HINT } from './words.ts';

/** What goes into the file, and in which form. */
export function ExportForm() {
  const form = useExport((name) => toast.success(`${name} was downloaded.`));
  const { failure } = form;
  const isBeside = failure?.fields['passphrase'] !== undefined;
  return (
    <form
      noValidate
      className="grid items-start gap-4 lg:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <What form={form} />
      <Card title="The file">
        <div className="grid gap-4">
          <Secrets form={form} />
          <div>
            <Segments
              label="Format"
              value={form.format}
              onChange={(format) => form.set({ format })}
              // Chosen providers and sealed secrets leave as JSON alone.
              choices={form.isPlain ? FORMATS : FORMATS.slice(0, 1)}
            />
          </div>
          <FormError message={isBeside ? undefined : failure?.message} />
          <div>
            <Button
              type="submit"
              variant="primary"
              icon={<Download aria-hidden />}
              isBusy={form.isPending}
              disabled={form.isEmpty}
            >
              Download
            </Button>
          </div>
        </div>
      </Card>
    </form>
  );
}

const FORMATS = [
  { value: 'json', label: 'JSON' },
  { value: 'yaml', label: 'YAML' },
] as const;

const WHICH = [
  { value: 'all', label: 'All providers' },
  { value: 'chosen', label: 'Chosen ones' },
] as const;

const What = ({ form: { draft, set } }: { readonly form: ExportState }) => (
  <Card title="What goes into it">
    <div className="grid gap-4">
      <div>
        <Segments
          label="Which providers"
          value={draft.chosen === undefined ? 'all' : 'chosen'}
          onChange={(value) => set({ chosen: value === 'all' ? undefined : new Set() })}
          choices={WHICH}
        />
      </div>
      {draft.chosen === undefined ? (
        <Tick
          label="Built-in providers"
          hint="Those that came with the product, as they are set up here."
          value={draft.withBuiltIn}
          onChange={(withBuiltIn) => set({ withBuiltIn })}
        />
      ) : (
        <ProviderChoice chosen={draft.chosen} onChange={(chosen) => set({ chosen })} />
      )}
      <Tick label="Their models" value={draft.withModels} onChange={(withModels) => set({ withModels })} />
      <Tick label="Own templates" value={draft.withTemplates} onChange={(withTemplates) => set({ withTemplates })} />
    </div>
  </Card>
);

const Secrets = ({ form: { draft, set, failure } }: { readonly form: ExportState }) => {
  const mayTake = useMay('secrets:export');
  return (
    <>
      <Tick
        label="Secrets, sealed"
        hint={
          mayTake
            ? 'Without them, whoever imports fills the keys in again.'
            : 'Your role does not include taking secrets out (secrets:export).'
        }
        value={draft.withSecrets}
        isDisabled={!mayTake}
        onChange={(withSecrets) => set({ withSecrets })}
      />
      {draft.withSecrets && (
        <Passphrase
          isNew
          hint={PASSPHRASE_HINT}
          value={draft.passphrase}
          onChange={(passphrase) => set({ passphrase })}
          error={failure?.fields['passphrase']}
        />
      )}
    </>
  );
};
