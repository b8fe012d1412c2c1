import { FileUp } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Select } from '../../components/ui/input.tsx';
import { EmptyState, Skeleton } from '../../components/ui/states.tsx';
import { FilePicker } from './file-picker.tsx';
import { OutcomeList } from './outcome-list.tsx';
import { Passphrase } from './passphrase.tsx';
import { Tick } from './tick.tsx';
import { TrialFailure } from './trial-failure.tsx';
import { useImport, type ImportState } from './use-import.ts';
import { RESOLUTIONS, type Resolution } from './words.ts';

/** Brings a file in: what it would change is seen before anything is. */
export function ImportForm() {
  const form = useImport();
  const { draft, trial, again } = form;
  const isGood = trial.preview?.success === true;
  return (
    <form
      noValidate
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        trial.submit();
      }}
    >
      <Card title="The file, and how it is taken">
        <div className="grid gap-4">
          <FilePicker
            label="File"
            accept=".json,.yaml,.yml"
            hint="An export, or a backup that is not encrypted: JSON or YAML."
            name={draft.file?.name}
            onRead={(file) => form.set({ file })}
          />
          <How form={form} />
          <TrialFailure failure={trial.failure} shownBeside="options.passphrase" />
          <div className="flex flex-wrap gap-2">
            {trial.result === undefined ? (
              <Button type="submit" variant="primary" isBusy={trial.isPending} disabled={draft.file === undefined}>
                {isGood ? 'Import' : 'Preview the changes'}
              </Button>
            ) : (
              <Button onClick={again}>Another file</Button>
            )}
          </div>
        </div>
      </Card>
      <Outcome form={form} />
    </form>
  );
}

function How({ form: { draft, set, trial } }: { readonly form: ImportState }) {
  const hint = RESOLUTIONS.find(({ value }) => value === draft.resolution)?.hint;
  return (
    <>
      <Field label="What is there already" hint={hint}>
        {(control) => (
          <Select
            {...control}
            value={draft.resolution}
            onChange={({ target }) => set({ resolution: target.value as Resolution })}
          >
            {RESOLUTIONS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Passphrase
        isOptional
        hint="Only for files with sealed secrets."
        value={draft.passphrase}
        onChange={(passphrase) => set({ passphrase })}
        error={trial.failure?.fields['options.passphrase']}
      />
      <Tick label="Models" value={draft.withModels} onChange={(withModels) => set({ withModels })} />
      <Tick label="Templates" value={draft.withTemplates} onChange={(withTemplates) => set({ withTemplates })} />
      <Tick
        label="Make a backup first"
        hint="It brings back what the import changes; what it adds stays until you delete it."
        value={draft.keepsBackup}
        onChange={(keepsBackup) => set({ keepsBackup })}
      />
    </>
  );
}

function Outcome({ form: { trial } }: { readonly form: ImportState }) {
  const told = trial.result ?? trial.preview;
  return (
    <Card title={trial.result === undefined ? 'What would change' : 'What changed'}>
      {told === undefined && trial.isPending && <Skeleton className="h-40" />}
      {told === undefined && !trial.isPending && (
        <EmptyState icon={FileUp} title="Nothing to show yet" className="py-8">
          Choose a file and preview it: each thing that would be added, changed or left is listed here, and nothing is
          changed by that.
        </EmptyState>
      )}
      {told !== undefined && <OutcomeList result={told} isTrial={trial.result === undefined} />}
    </Card>
  );
}
