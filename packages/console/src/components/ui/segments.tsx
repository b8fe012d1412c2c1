import { ToggleGroup } from 'radix-ui';

import { cx } from '../../lib/cx.ts';

export interface SegmentsProps<Value extends string> {
  /** What is chosen: `Time`. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly className?: string;
}

/** One of a few, all of them seen: for what one changes often. */
export const Segments = <Value extends string>({
  label,
  value,
  onChange,
  choices,
  className,
}: SegmentsProps<Value>) => (
  <ToggleGroup.Root
    type="single"
    aria-label={label}
    value={value}
    // A second press would leave nothing chosen.
    onValueChange={(next) => next !== '' && onChange(next as Value)}
    className={cx('inline-flex max-w-full overflow-x-auto rounded-md border border-line bg-sunken p-0.5', className)}
  >
    {choices.map((each) => (
      <ToggleGroup.Item
        key={each.value}
        value={each.value}
        className="h-6 rounded px-2 text-xs font-medium whitespace-nowrap text-ink-2 hover:text-ink focus-visible:-outline-offset-1 data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-rest"
      >
        {each.label}
      </ToggleGroup.Item>
    ))}
  </ToggleGroup.Root>
);
