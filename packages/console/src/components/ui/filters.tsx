import { cx } from '../../lib/cx.ts';
import { SearchInput, Select } from './input.tsx';

export interface NameFilterProps {
  /** What is looked through, for those who do not see it: `Users named`. */
  readonly label: string;
  /** What one can write: `Name or e-mail address`. */
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Narrows a list by a part of a name. */
export const NameFilter = ({ label, ...rest }: NameFilterProps) => (
  <SearchInput aria-label={label} className="w-full sm:w-60" {...rest} />
);

/** Two beside one another where there is little room. */
export const CHOICE = 'min-w-[calc(50%-0.25rem)] flex-1 sm:w-40 sm:min-w-0 sm:flex-none';

export interface ChoiceFilterProps {
  /** What is narrowed, for those who do not see it: `Users with the role`. */
  readonly label: string;
  /** Said where nothing is chosen: `Every role`. */
  readonly every: string;
  /** Empty: nothing is chosen. */
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

/** Narrows a list to one of a few. */
export const ChoiceFilter = ({ label, every, value, choices, onChange, className }: ChoiceFilterProps) => (
  <Select
    aria-label={label}
    className={cx(CHOICE, className)}
    value={value}
    onChange={({ target }) => onChange(target.value)}
  >
    <option value="">{every}</option>
    {choices.map((each) => (
      <option key={each.value} value={each.value}>
        {each.label}
      </option>
    ))}
  </Select>
);
