import type { Account } from '@patchbay/contract/resources/account';
import { Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { LIMITS, membersIn, textOf, written, type Members } from './share-fields.tsx';

/** Limits of an account for one model, as texts; empty is no limit. */
export type ModelLimitsDraft = Readonly<Record<(typeof LIMITS)[number]['name'] | 'model', string>>;

const NEW: ModelLimitsDraft = {
  model: '',
  requests_per_minute: '',
  tokens_per_minute: '',
  requests_per_day: '',
  tokens_per_day: '',
};

/** What an account says of single models. */
export const modelDraftsOf = (metadata: Account['metadata']): readonly ModelLimitsDraft[] =>
  Object.entries(membersIn(membersIn(metadata['limits'])['models'])).map(([model, limits]) => {
    const said = LIMITS.map(({ name }) => [name, textOf(membersIn(limits)[name])] as const);
    return { ...NEW, ...Object.fromEntries(said), model };
  });

/** The same as the API takes it; a line without a model or without a limit says nothing. */
export function modelLimitsOf(drafts: readonly ModelLimitsDraft[]): Members {
  const said = drafts.flatMap((draft) => {
    const limits = written(draft, LIMITS);
    const model = draft.model.trim();
    return model === '' || Object.keys(limits).length === 0 ? [] : [[model, limits] as const];
  });
  return Object.fromEntries(said);
}

/** True where limits are written, and not for which model. */
export const isNameless = (draft: ModelLimitsDraft): boolean =>
  draft.model.trim() === '' && LIMITS.some(({ name }) => draft[name].trim() !== '');

export interface ModelLimitsProps {
  readonly drafts: readonly ModelLimitsDraft[];
  /** What is wrong, by names such as `metadata.limits.models.gpt-5.tokens_per_day`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (drafts: readonly ModelLimitsDraft[]) => void;
}

/** The most that calls may use of an account for single models, beside what holds for all of them. */
export function ModelLimits({ drafts, fields, onChange }: ModelLimitsProps) {
  const replace = (at: number, change: Partial<ModelLimitsDraft>): void =>
    onChange(drafts.map((draft, index) => (index === at ? { ...draft, ...change } : draft)));
  return (
    <section aria-label="Limits for single models" className="grid gap-3 sm:col-span-2">
      {drafts.map((draft, at) => (
        // Lines have no name of their own: the model is being written.
        <fieldset key={at} className="grid gap-3 rounded-md border border-line p-3 sm:grid-cols-2">
          <legend className="sr-only">Limits for {draft.model.trim() === '' ? 'a model' : draft.model}</legend>
          <ModelName draft={draft} onChange={(model) => replace(at, { model })}>
            <Button
              variant="quiet"
              size="icon"
              aria-label={`Remove the limits for ${draft.model.trim() === '' ? 'this model' : draft.model}`}
              icon={<Trash2 aria-hidden />}
              onClick={() => onChange(drafts.filter((_, index) => index !== at))}
            />
          </ModelName>
          {LIMITS.map(({ name, label }) => (
            <Field
              key={name}
              label={label}
              isOptional
              error={fields[`metadata.limits.models.${draft.model.trim()}.${name}`]}
            >
              {(control) => (
                <Input
                  {...control}
                  inputMode="decimal"
                  autoComplete="off"
                  placeholder="no limit"
                  value={draft[name]}
                  onChange={({ target }) => replace(at, { [name]: target.value })}
                />
              )}
            </Field>
          ))}
        </fieldset>
      ))}
      <Button className="justify-self-start" icon={<Plus aria-hidden />} onClick={() => onChange([...drafts, NEW])}>
        Limit one model
      </Button>
    </section>
  );
}

interface ModelNameProps {
  readonly draft: ModelLimitsDraft;
  readonly onChange: (model: string) => void;
  readonly children: ReactNode;
}

const ModelName = ({ draft, onChange, children }: ModelNameProps) => (
  <div className="flex items-start gap-2 sm:col-span-2">
    <Field
      label="Model"
      hint="As the provider calls it, such as gpt-5."
      error={isNameless(draft) ? 'Say which model.' : undefined}
      className="flex-1"
    >
      {(control) => (
        <Input {...control} autoComplete="off" value={draft.model} onChange={({ target }) => onChange(target.value)} />
      )}
    </Field>
    <span className="pt-6">{children}</span>
  </div>
);
