import { Plus, Trash2 } from 'lucide-react';

import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { NEW_LINE, type ModelLine } from './use-template-draft.ts';

export interface TemplateModelsProps {
  readonly models: readonly ModelLine[];
  /** What is wrong, by place: `defaultModels.0.identifier`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (models: readonly ModelLine[]) => void;
}

/** Models that a template brings, one line each. */
export const TemplateModels = ({ models, errors, onChange }: TemplateModelsProps) => (
  <fieldset className="min-w-0 sm:col-span-2">
    <legend className="mb-1.5 text-sm font-semibold">Models</legend>
    <ul className="grid gap-3">
      {models.map((line, at) => (
        <Line
          // Lines have no name of their own before one is written.
          // oxlint-disable-next-line react/no-array-index-key
          key={at}
          line={line}
          at={at}
          errors={errors}
          onChange={(change) =>
            onChange(models.map((each, index) => (index === at ? { ...each, ...change } : afterChange(each, change))))
          }
          {...(models.length > 1 && { onRemove: () => onChange(models.filter((_, index) => index !== at)) })}
        />
      ))}
    </ul>
    <Button size="sm" className="mt-3" icon={<Plus aria-hidden />} onClick={() => onChange([...models, NEW_LINE])}>
      Another model
    </Button>
  </fieldset>
);

/** Only one can be the default. */
const afterChange = (line: ModelLine, { isDefault }: Partial<ModelLine>): ModelLine =>
  isDefault === true ? { ...line, isDefault: false } : line;

interface LineProps {
  readonly line: ModelLine;
  readonly at: number;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<ModelLine>) => void;
  /** Absent for the last one: a template has one at least. */
  readonly onRemove?: () => void;
}

const COLUMNS = [
  { name: 'identifier', label: 'Identifier' },
  { name: 'name', label: 'Name' },
  { name: 'contextLength', label: 'Context' },
] as const;

const Line = ({ line, at, errors, onChange, onRemove }: LineProps) => (
  <li className="grid gap-2 rounded-md border border-line p-3 sm:grid-cols-[1fr_1fr_8rem_auto]">
    {COLUMNS.map(({ name, label }) => (
      <Field key={name} label={label} error={errors[`defaultModels.${at}.${name}`]}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            value={line[name]}
            onChange={({ target }) => onChange({ [name]: target.value })}
          />
        )}
      </Field>
    ))}
    <div className="flex items-center gap-3 sm:pt-6">
      <label className="flex items-center gap-1.5 text-xs text-ink-2">
        <input
          type="radio"
          name="default-model"
          className="accent-accent"
          checked={line.isDefault}
          onChange={() => onChange({ isDefault: true })}
        />
        default
      </label>
      {onRemove !== undefined && (
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`Remove model ${line.identifier === '' ? at + 1 : line.identifier}`}
          icon={<Trash2 aria-hidden />}
          onClick={onRemove}
        />
      )}
    </div>
  </li>
);
