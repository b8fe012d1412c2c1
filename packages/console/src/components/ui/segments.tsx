import { useId } from 'react';

import { cx } from '../../lib/cx.ts';

export interface SegmentsProps<Value extends string> {
  /** What is chosen: `Time`. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly className?: string;
}

/** One of a few, all of them seen: for what one changes often. The browser's own buttons, with its own keys. */
export function Segments<Value extends string>({ label, value, onChange, choices, className }: SegmentsProps<Value>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx('inline-flex max-w-full overflow-x-auto rounded-md border border-line bg-sunken p-0.5', className)}
    >
      {choices.map((each) => (
        <label
          key={each.value}
          className="relative flex h-6 shrink-0 items-center rounded px-1.5 text-xs sm:px-2 font-medium whitespace-nowrap text-ink-2 hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-rest has-focus-visible:outline-2 has-focus-visible:-outline-offset-1 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            checked={each.value === value}
            onChange={() => onChange(each.value)}
            className="absolute inset-0 cursor-pointer appearance-none rounded outline-none"
          />
          {each.label}
        </label>
      ))}
    </div>
  );
}
