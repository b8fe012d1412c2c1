import type { Template } from '@patchbay/contract/resources/template';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Field, type FieldProps } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { Checkbox, Input } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { AuthFields } from './auth-fields.tsx';
import { Wrong } from './wrong.tsx';

const STALE = ['providers.list', 'models.list', 'providers.healthOfAll', 'audit.list'] as const;

export interface TemplateFormProps {
  readonly template: Template;
  readonly onClose: () => void;
  /** Back to the others; absent where one came by this template. */
  readonly onBack?: () => void;
  readonly onDone: (id: string) => void;
}

const IDENTIFIER_MAX = 50;

/** An identifier that is likely free: of the template's own, or of its name where somebody made it here. */
const suggested = ({ id, name, isSystem }: Template): string =>
  `my-${isSystem ? id : name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, IDENTIFIER_MAX)
    .replace(/-+$/, '');

/** What is written of a new provider, and its making. */
function useDraft(template: Template, onDone: (id: string) => void) {
  const [identifier, setIdentifier] = useState(suggested(template));
  const [name, setName] = useState(template.providerConfig.name);
  const [endpoint, setEndpoint] = useState('');
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const apply = useChange('templates.apply', STALE);
  const submit = (): void => {
    const chosen = template.defaultModels.map((each) => each.identifier).filter((each) => !left.has(each));
    const fields = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== ''));
    const customizations = { selectedModels: chosen, authConfig: fields, ...(endpoint.trim() !== '' && { endpoint }) };
    const body = { identifier, name, customizations };
    apply.mutate({ params: { id: template.id }, body }, { onSuccess: ({ id }) => onDone(id) });
  };
  const toggle = (each: string): void =>
    setLeft((before) => new Set(before.has(each) ? [...before].filter((other) => other !== each) : [...before, each]));
  const write = (field: string, value: string): void => setWritten((before) => ({ ...before, [field]: value }));
  const failure = apply.error === null ? undefined : failureOf(apply.error);
  const texts = { identifier, setIdentifier, name, setName, endpoint, setEndpoint };
  return { ...texts, written, write, left, toggle, submit, failure, isBusy: apply.isPending };
}

/** Asks for what a template needs, and makes its provider with the models that are chosen. */
export function TemplateForm({ template, onClose, onBack, onDone }: TemplateFormProps) {
  const draft = useDraft(template, onDone);
  return (
    <FormDialog
      onClose={onClose}
      title={`Add ${template.name}`}
      description={template.description}
      submitLabel="Add and test"
      isBusy={draft.isBusy}
      onSubmit={draft.submit}
      otherWay={onBack && <Button onClick={onBack}>Other template</Button>}
    >
      <DraftFields template={template} draft={draft} />
    </FormDialog>
  );
}

interface DraftFieldsProps {
  readonly template: Template;
  readonly draft: ReturnType<typeof useDraft>;
}

const DraftFields = ({ template: { providerConfig, defaultModels }, draft }: DraftFieldsProps) => {
  const errors = draft.failure?.fields ?? {};
  return (
    <>
      <TextField
        label="Identifier"
        hint="Stands before its models: identifier/model."
        error={errors['identifier']}
        value={draft.identifier}
        onChange={draft.setIdentifier}
      />
      <TextField label="Name" error={errors['name']} value={draft.name} onChange={draft.setName} />
      <AuthFields
        fields={providerConfig.authConfig.fields}
        written={draft.written}
        errors={errors}
        onWrite={draft.write}
      />
      <TextField
        label="Address"
        isOptional
        hint={`Empty: ${providerConfig.apiEndpoint}`}
        error={errors['apiEndpoint']}
        className="sm:col-span-2"
        inputMode="url"
        value={draft.endpoint}
        onChange={draft.setEndpoint}
      />
      <ModelChoice models={defaultModels} left={draft.left} onToggle={draft.toggle} />
      <Wrong failure={draft.failure} onSuggestion={draft.setIdentifier} />
    </>
  );
};

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly value: string;
  readonly inputMode?: 'url';
  readonly onChange: (value: string) => void;
}

const TextField = ({ value, inputMode, onChange, ...field }: TextFieldProps) => (
  <Field {...field}>
    {(control) => (
      <Input
        {...control}
        autoComplete="off"
        inputMode={inputMode}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);

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
