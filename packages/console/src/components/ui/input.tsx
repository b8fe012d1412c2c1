import { ChevronDown, Search, X } from 'lucide-react';
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from 'radix-ui';
import type { ComponentProps } from 'react';

import { cx } from '../../lib/cx.ts';

const BOX =
  'w-full rounded-md border border-line-strong bg-surface text-sm text-ink shadow-rest transition-colors hover:border-ink-3 focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent/40 disabled:opacity-60 aria-invalid:border-bad aria-invalid:focus-visible:outline-bad/40';

/** One line of text. */
export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input className={cx(BOX, 'h-8 px-2.5', className)} {...rest} />
);

/** Text of several lines. */
export const Textarea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea className={cx(BOX, 'min-h-20 px-2.5 py-1.5', className)} {...rest} />
);

/** One of a few choices: the browser's own list, which phones and screen readers know best. */
export const Select = ({ className, children, ...rest }: ComponentProps<'select'>) => (
  <span className={cx('relative inline-block w-full', className)}>
    <select className={cx(BOX, 'h-8 appearance-none truncate pr-8 pl-2.5')} {...rest}>
      {children}
    </select>
    <ChevronDown className="pointer-events-none absolute top-2 right-2.5 size-4 text-ink-3" aria-hidden />
  </span>
);

export interface SearchInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Text to look for, with a way to clear it. `aria-label` says where. */
export const SearchInput = ({ value, onChange, className, ...rest }: SearchInputProps) => (
  <span className={cx('relative inline-block w-full', className)}>
    <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" aria-hidden />
    <input
      type="text"
      role="searchbox"
      autoComplete="off"
      className={cx(BOX, 'h-8 px-8')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
    {value !== '' && (
      <button
        type="button"
        aria-label="Clear"
        className="absolute top-1 right-1 grid size-6 place-items-center rounded text-ink-3 hover:bg-hover hover:text-ink"
        onClick={() => onChange('')}
      >
        <X className="size-3.5" aria-hidden />
      </button>
    )}
  </span>
);

/** Yes or no, as part of a form that is sent later. */
export const Checkbox = ({ className, ...rest }: ComponentProps<typeof RadixCheckbox.Root>) => (
  <RadixCheckbox.Root
    className={cx(
      'grid size-4 shrink-0 place-items-center rounded border border-line-strong bg-surface data-[state=checked]:border-accent data-[state=checked]:bg-accent',
      className,
    )}
    {...rest}
  >
    <RadixCheckbox.Indicator>
      <svg viewBox="0 0 12 12" className="size-3 fill-none stroke-on-accent stroke-2" aria-hidden>
        <path d="M2.5 6.5 5 9l4.5-6" />
      </svg>
    </RadixCheckbox.Indicator>
  </RadixCheckbox.Root>
);

/** On or off, in force at once. */
export const Switch = ({ className, ...rest }: ComponentProps<typeof RadixSwitch.Root>) => (
  <RadixSwitch.Root
    className={cx(
      'relative h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors disabled:opacity-50 data-[state=checked]:bg-accent',
      className,
    )}
    {...rest}
  >
    <RadixSwitch.Thumb className="block size-4 translate-x-0.5 rounded-full bg-surface shadow-rest transition-transform data-[state=checked]:translate-x-4.5" />
  </RadixSwitch.Root>
);
