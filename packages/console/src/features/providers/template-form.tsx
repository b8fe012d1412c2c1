import type { Template } from '@patchbay/contract/resources/template';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Checkbox, Input } from '../../components/ui/input.tsx';
import { failureOf, type Failure } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { AuthFields } from './auth-fields.tsx';
import { Suggestions } from './suggestions.tsx';

const STALE = ['providers.list', 'models.list', 'providers.healthOfAll', 'audit.list'] as const;

export interface TemplateFormProps {
  readonly template: Template;
  readonly onClose: () => void;
  readonly onBack: () => void;
  readonly onDone: (id: string) => void;
}

/** Asks for what a template needs, and makes its provider with the models that are chosen. */
export function TemplateForm({ template, onClose, onBack, onDone }: TemplateFormProps) {
  const { providerConfig, defaultModels } = template;
  const [identifier, setIdentifier] = useState(`my-${template.id}`.slice(0, 50));
  const [name, setName] = useState(providerConfig.name);
  const [endpoint, setEndpoint] = useState('');
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const apply = useChange('templates.apply', STALE);
  const failure = apply.error === null ? undefined : failureOf(apply.error);
  const submit = (): void => {
    const selectedModels = defaultModels.map((each) => each.identifier).filter((each) => !left.has(each));
    const fields = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ''));
    const customizations = { selectedModels, authConfig: fields, ...(endpoint.trim() !== '' && { endpoint }) };
    const body = { identifier, name, customizations };
    apply.mutate({ params: { id: template.id }, body }, { onSuccess: ({ id }) => onDone(id) });
  };
  const toggle = (each: string): void =>
    setLeft((before) => new Set(before.has(each) ? [...before].filter((other) => other !== each) : [...before, each]));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Add ${template.name}`}
      description={template.description}
      footer={
        <>
          <Button onClick={onBack}>Other template</Button>
          <Button type="submit" form="template-form" variant="primary" isBusy={apply.isPending}>
            Add and test
          </Button>
        </>
      }
    >
      <form
        id="template-form"
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Identifier"
          hint="Stands before its models: identifier/model."
          error={failure?.fields['identifier']}
        >
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              value={identifier}
              onChange={(event) => setIdentifier(event.target.value)}
            />
          )}
        </Field>
        <Field label="Name" error={failure?.fields['name']}>
          {(control) => (
            <Input {...control} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <AuthFields
          fields={providerConfig.authConfig.fields}
          written={written}
          errors={failure?.fields ?? {}}
          onWrite={(field, value) => setWritten((before) => ({ ...before, [field]: value }))}
        />
        <Field
          label="Address"
          isOptional
          hint={`Empty: ${providerConfig.apiEndpoint}`}
          error={failure?.fields['apiEndpoint']}
          className="sm:col-span-2"
        >
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              inputMode="url"
              value={endpoint}
              onChange={(event) => setEndpoint(event.target.value)}
            />
          )}
        </Field>
        <ModelChoice models={defaultModels} left={left} onToggle={toggle} />
        <Wrong failure={failure} onSuggestion={setIdentifier} />
      </form>
    </Dialog>
  );
}

interface ModelChoiceProps {
  readonly models: Template['defaultModels'];
  readonly left: ReadonlySet<string>;
  readonly onToggle: (identifier: string) => void;
}

const ModelChoice = ({ models, left, onToggle }: ModelChoiceProps) => (
  <fieldset className="min-w-0 sm:col-span-2">
    <legend className="mb-1.5 text-sm font-medium">
      Models <span className="numeric font-normal text-ink-3">{models.length - left.size} chosen</span>
    </legend>
    <ul className="max-h-44 overflow-y-auto rounded-md border border-line">
      {models.map(({ identifier, name }) => (
        <li key={identifier} className="border-b border-line last:border-0">
          <label className="flex cursor-pointer items-center gap-2.5 px-3 py-1.5 text-sm hover:bg-hover">
            <Checkbox checked={!left.has(identifier)} onCheckedChange={() => onToggle(identifier)} aria-label={name} />
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <span className="hidden min-w-0 truncate font-mono text-xs text-ink-3 sm:block">{identifier}</span>
          </label>
        </li>
      ))}
    </ul>
  </fieldset>
);

const FIELDS_SHOWN = /^(?:identifier|name|apiEndpoint|authConfig\.fields\..+|customizations\..+)$/;

/** What no field above can show, and identifiers that are free. */
export const Wrong = ({
  failure,
  onSuggestion,
}: {
  readonly failure: Failure | undefined;
  readonly onSuggestion: (identifier: string) => void;
}) => {
  if (failure === undefined) return null;
  const isSaidAbove = Object.keys(failure.fields).some((each) => FIELDS_SHOWN.test(each));
  return (
    <div className="grid gap-2 sm:col-span-2">
      <FormError message={isSaidAbove ? undefined : failure.message} />
      <Suggestions failure={failure} onChoose={onSuggestion} />
    </div>
  );
};
