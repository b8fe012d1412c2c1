import { useId, type ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';
import { Skeleton } from './states.tsx';

export interface CardProps {
  readonly title?: ReactNode;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  /** False where a table or a list reaches to the edges. */
  readonly isPadded?: boolean;
  readonly children: ReactNode;
}

/** A group of things on a page. */
export function Card({ title, hint, actions, className, isPadded = true, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={cx('min-w-0 rounded-lg border border-line bg-surface shadow-rest', className)}
    >
      {title !== undefined && (
        <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2">
          <h2 id={id} className="min-w-20 flex-1 truncate text-sm font-semibold">
            {title}
            {hint !== undefined && <span className="ml-2 text-xs font-normal text-ink-3">{hint}</span>}
          </h2>
          {actions}
        </header>
      )}
      <div className={cx(isPadded && 'p-4')}>{children}</div>
    </section>
  );
}

export interface StatProps {
  readonly label: string;
  /** Undefined while it is on its way. */
  readonly value: ReactNode | undefined;
  readonly note?: ReactNode;
  readonly chart?: ReactNode;
}

/** One figure with its name; several stand in a `StatRow`. */
export const Stat = ({ label, value, note, chart }: StatProps) => (
  <div className="relative flex min-w-0 flex-col gap-1 bg-surface px-4 py-3.5">
    <dt className="truncate text-xs text-ink-3">{label}</dt>
    <dd className="flex items-end justify-between gap-3">
      <span className="numeric truncate text-2xl font-semibold tracking-tight">
        {value ?? <Skeleton className="my-1 h-6 w-20" />}
      </span>
      {chart}
    </dd>
    <dd className="numeric min-h-4.5 text-xs text-ink-3">{note}</dd>
  </div>
);

/** Figures beside one another, divided by lines. */
export const StatRow = ({ children, className }: { readonly children: ReactNode; readonly className?: string }) => (
  <dl className={cx('grid gap-px overflow-hidden rounded-lg border border-line bg-line shadow-rest', className)}>
    {children}
  </dl>
);
