import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

/** What a colour means. */
export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

const GROUNDS: Readonly<Record<Tone, string>> = {
  neutral: 'bg-hover text-ink-2',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

const DOTS: Readonly<Record<Tone, string>> = {
  neutral: 'bg-ink-3',
  accent: 'bg-accent',
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
};

export interface BadgeProps {
  readonly tone?: Tone;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A word with a tone, such as a role. */
export const Badge = ({ tone = 'neutral', className, children }: BadgeProps) => (
  <span
    className={cx(
      'inline-flex max-w-full items-center rounded px-1.5 text-xs leading-5 font-medium',
      GROUNDS[tone],
      className,
    )}
  >
    <span className="truncate">{children}</span>
  </span>
);

/** How something is: a dot, and always a word beside it. */
export const Status = ({ tone = 'neutral', className, children }: BadgeProps) => (
  <span className={cx('inline-flex items-center gap-2 whitespace-nowrap text-ink', className)}>
    <span className={cx('size-2 shrink-0 rounded-full', DOTS[tone])} aria-hidden />
    {children}
  </span>
);
