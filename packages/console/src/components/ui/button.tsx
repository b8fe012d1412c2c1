import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-100 disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong shadow-rest',
        plain: 'border border-line-strong bg-surface text-ink hover:bg-hover shadow-rest',
        quiet: 'text-ink-2 hover:bg-hover hover:text-ink',
        danger: 'bg-bad text-on-bad hover:opacity-90 shadow-rest',
        'danger-quiet': 'text-bad hover:bg-bad-soft',
      },
      size: {
        sm: 'h-7 px-2 text-xs',
        md: 'h-8 px-3 text-sm',
        lg: 'h-10 px-4 text-base',
        icon: 'size-8',
        'icon-sm': 'size-7',
      },
    },
    defaultVariants: { variant: 'plain', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof look> {
  /** Shows that it is at work, and cannot be pressed meanwhile. */
  readonly isBusy?: boolean;
  /** Gives its looks to the one child, such as a link. */
  readonly asChild?: boolean;
  readonly icon?: ReactNode;
}

/** A button; one `primary` a page at most. Buttons of an icon alone need `aria-label`. */
export function Button({
  variant,
  size,
  isBusy = false,
  asChild = false,
  icon,
  className,
  children,
  ...rest
}: ButtonProps) {
  const classes = cx(look({ variant, size }), className);
  if (asChild)
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  return (
    <button
      type="button"
      className={classes}
      {...rest}
      disabled={rest.disabled === true || isBusy}
      aria-busy={isBusy || undefined}
    >
      {isBusy ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}
