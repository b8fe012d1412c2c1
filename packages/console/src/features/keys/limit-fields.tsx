import type { KeyLimits } from '@patchbay/contract/resources/api-key';
import type { ReactNode } from 'react';

import { Field } from '../../components/ui/field.tsx';
import { Input, Select, Textarea } from '../../components/ui/input.tsx';

/** What a form of limits holds: texts as they are written. */
export type LimitDraft = Readonly<Record<LimitName, string>>;
type LimitName = (typeof NUMBERS)[number]['name'] | 'budget_period' | 'unknown_price' | 'models' | 'cache_answers';

const NUMBERS = [
  { name: 'requests_per_minute', label: 'Requests a minute' },
  { name: 'tokens_per_minute', label: 'Tokens a minute' },
  { name: 'requests_per_day', label: 'Requests a day' },
  { name: 'tokens_per_day', label: 'Tokens a day' },
  { name: 'calls_at_once', label: 'Calls at a time' },
  { name: 'budget_usd', label: 'Budget in US dollars', hint: 'Calls are refused once it is spent.' },
  { name: 'soft_budget_usd', label: 'Tell me from, in US dollars', hint: 'Calls go on.' },
] as const;

const PRICES = { allow: 'are let through', refuse: 'are refused' } as const;
const MEMORIES = { '': 'as for all keys', true: 'answered from memory', false: 'always asked anew' } as const;
const PERIODS = { day: 'every day', week: 'every week', month: 'every month', never: 'never' } as const;

/** The limits of a key as texts. */
export const draftOf = (limits: KeyLimits): LimitDraft => ({
  ...(Object.fromEntries(NUMBERS.map(({ name }) => [name, String(limits[name] ?? '')])) as LimitDraft),
  budget_period: limits.budget_period ?? 'month',
  unknown_price: limits.unknown_price ?? 'allow',
  models: (limits.models ?? []).join('\n'),
  cache_answers: String(limits.cache_answers ?? ''),
});

/** Limits from texts; what is left empty is no limit. */
export function limitsOf(draft: LimitDraft): KeyLimits {
  const numbers = NUMBERS.flatMap(({ name }) => {
    const text = draft[name].trim();
    // What is no number is sent as it is: the API says best what is wrong with it.
    return text === '' ? [] : [[name, Number.isNaN(Number(text)) ? text : Number(text)] as const];
  });
  const models = draft.models.split(/[\s,]+/).filter((each) => each !== '');
  const hasBudget = draft.budget_usd.trim() !== '' || draft.soft_budget_usd.trim() !== '';
  return {
    ...(Object.fromEntries(numbers) as KeyLimits),
    ...(hasBudget && { budget_period: draft.budget_period as NonNullable<KeyLimits['budget_period']> }),
    ...(draft.unknown_price === 'refuse' && { unknown_price: 'refuse' as const }),
    ...(models.length > 0 && { models }),
    ...(draft.cache_answers !== '' && { cache_answers: draft.cache_answers === 'true' }),
  };
}

export interface LimitFieldsProps {
  readonly draft: LimitDraft;
  /** What is wrong with each, by its name beneath `limits`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<Record<LimitName, string>>) => void;
  /** What stands beside the choices, such as the end of the key. */
  readonly children?: ReactNode;
}

/** What a key may use; empty is without limit. */
export const LimitFields = ({ draft, fields, onChange, children }: LimitFieldsProps) => (
  <>
    {NUMBERS.map(({ name, label, ...rest }) => (
      <Field
        key={name}
        label={label}
        isOptional
        hint={'hint' in rest ? rest.hint : undefined}
        error={fields[`limits.${name}`]}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            placeholder="no limit"
            autoComplete="off"
            value={draft[name]}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
        )}
      </Field>
    ))}
    <LimitChoices draft={draft} fields={fields} onChange={onChange} />
    {children}
    <Field
      label="Models it may call"
      isOptional
      hint="One a line; a * at the end stands for the rest. Empty: all."
      error={fields['limits.models']}
      className="sm:col-span-2"
    >
      {(control) => (
        <Textarea
          {...control}
          className="font-mono text-xs"
          spellCheck={false}
          placeholder="openai/gpt-4o*"
          value={draft.models}
          onChange={(event) => onChange({ models: event.target.value })}
        />
      )}
    </Field>
  </>
);

const LimitChoices = ({ draft, fields, onChange }: Omit<LimitFieldsProps, 'children'>) => (
  <>
    <ChoiceField
      label="Spending starts anew"
      value={draft.budget_period}
      words={PERIODS}
      error={fields['limits.budget_period']}
      onChange={(value) => onChange({ budget_period: value })}
    />
    <ChoiceField
      label="Calls of unknown price"
      hint="While a budget is set."
      value={draft.unknown_price}
      words={PRICES}
      error={fields['limits.unknown_price']}
      onChange={(value) => onChange({ unknown_price: value })}
    />
    <ChoiceField
      label="Questions asked before"
      value={draft.cache_answers}
      words={MEMORIES}
      error={fields['limits.cache_answers']}
      onChange={(value) => onChange({ cache_answers: value })}
    />
  </>
);

/** What a choice among few is made with. */
export interface ChoiceFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** What can be chosen, each with its words. */
  readonly words: Readonly<Record<string, string>>;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A choice among few. */
export const ChoiceField = ({ label, hint, value, words, error, onChange }: ChoiceFieldProps) => (
  <Field label={label} hint={hint} error={error}>
    {(control) => (
      <Select {...control} value={value} onChange={({ target }) => onChange(target.value)}>
        {Object.entries(words).map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
