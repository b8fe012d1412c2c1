import type { Account } from '@patchbay/contract/resources/account';

import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';

/** What decides how much goes through an account, by the names of the API. */
const SHARES = [
  { name: 'weight', label: 'Weight', hint: 'Of its turns beside others, where accounts are chosen by weight.' },
  { name: 'price_factor', label: 'Price', hint: 'Beside others, where the cheapest is chosen. 1: as listed.' },
] as const;

/** The most that calls may use, of all models or of one. */
export const LIMITS = [
  { name: 'requests_per_minute', label: 'Requests a minute' },
  { name: 'tokens_per_minute', label: 'Tokens a minute' },
  { name: 'requests_per_day', label: 'Requests a day' },
  { name: 'tokens_per_day', label: 'Tokens a day' },
] as const;

type ShareName = (typeof SHARES)[number]['name'] | (typeof LIMITS)[number]['name'];

/** The same as texts; empty is what it is by itself. */
export type ShareDraft = Readonly<Record<ShareName, string>>;

/** JSON as an account's metadata holds it. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of a value that has any. */
export const membersIn = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? (value as Members) : {};

/** A number as it stands in a field. */
export const textOf = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

/** What an account says of it. */
export function shareDraftOf(metadata: Account['metadata']): ShareDraft {
  const limits = membersIn(metadata['limits']);
  return {
    weight: textOf(metadata['weight']),
    price_factor: textOf(metadata['price_factor']),
    requests_per_minute: textOf(limits['requests_per_minute']),
    tokens_per_minute: textOf(limits['tokens_per_minute']),
    requests_per_day: textOf(limits['requests_per_day']),
    tokens_per_day: textOf(limits['tokens_per_day']),
  };
}

/** What was known of an account with what is written now, `models` being the limits of single ones; all else stays. */
export function metadataOf(before: Account['metadata'], draft: ShareDraft, models: Members): Account['metadata'] {
  const limits = {
    ...without(membersIn(before['limits']), [...LIMITS, { name: 'models' }]),
    ...written(draft, LIMITS),
    ...(Object.keys(models).length > 0 && { models }),
  };
  const rest = without(before, [...SHARES, { name: 'limits' }]);
  return { ...rest, ...written(draft, SHARES), ...(Object.keys(limits).length > 0 && { limits }) };
}

type Named = readonly { readonly name: string }[];

const without = (members: Members, names: Named): Members =>
  Object.fromEntries(Object.entries(members).filter(([each]) => !names.some(({ name }) => name === each)));

/** The API says best what is wrong with a text that is no number: it is sent as it is. */
export const written = <Name extends string>(
  draft: Readonly<Record<Name, string>>,
  names: readonly { readonly name: Name }[],
): Members =>
  Object.fromEntries(
    names.flatMap(({ name }) => {
      const text = draft[name].trim();
      return text === '' ? [] : [[name, Number.isNaN(Number(text)) ? text : Number(text)] as const];
    }),
  );

export interface ShareFieldsProps {
  readonly draft: ShareDraft;
  /** What is wrong, by names such as `metadata.limits.tokens_per_day`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<ShareDraft>) => void;
}

/** How much goes through an account: its share beside others, and the most that calls may use of it. */
export const ShareFields = ({ draft, fields, onChange }: ShareFieldsProps) =>
  [...SHARES, ...LIMITS].map(({ name, label, ...rest }) => (
    <Field
      key={name}
      label={label}
      isOptional
      hint={'hint' in rest ? rest.hint : undefined}
      error={fields[`metadata.${name}`] ?? fields[`metadata.limits.${name}`]}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          placeholder={'hint' in rest ? '1' : 'no limit'}
          value={draft[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
        />
      )}
    </Field>
  ));
