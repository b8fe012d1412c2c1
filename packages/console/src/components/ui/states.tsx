import { CircleAlert, Lock, RotateCw, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';
import { failureOf } from '../../lib/failure.ts';
import { Button } from './button.tsx';

/** Where something will be. Give it the size of what comes. */
export const Skeleton = ({ className }: { readonly className?: string }) => (
  <span className={cx('block animate-breathe rounded bg-hover', className)} aria-hidden />
);

/** Where so many lines of a sheet will be. */
export const WaitingLines = ({ lines }: { readonly lines: number }) => (
  <div className="grid gap-3 p-4">
    {Array.from({ length: lines }, (_, at) => (
      <Skeleton key={at} className="h-7" />
    ))}
  </div>
);

export interface StateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** True where the page has no other heading. */
  readonly isHeading?: boolean;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly tone?: 'neutral' | 'bad';
  readonly className?: string;
}

/** Nothing is here: why, and what one can do. */
export const EmptyState = (props: StateProps) => {
  const { icon: Icon, title, isHeading = false, children, action, tone = 'neutral', className } = props;
  const Title = isHeading ? 'h1' : 'p';
  return (
    <div className={cx('mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center', className)}>
      <span
        className={cx(
          'mb-4 grid size-11 place-items-center rounded-xl border shadow-rest',
          tone === 'bad' ? 'border-bad/25 bg-bad-soft text-bad' : 'border-line bg-surface text-ink-3',
        )}
      >
        <Icon className="size-5" aria-hidden />
      </span>
      <Title className="text-base font-semibold">{title}</Title>
      {children !== undefined && <div className="mt-1.5 text-sm text-balance text-ink-2">{children}</div>}
      {action !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
};

export interface ErrorStateProps {
  readonly error: unknown;
  /** Tries again; absent where that would not help. */
  readonly onRetry?: () => void;
  readonly className?: string;
}

/** It could not be read: the API's own words, and another try. Looks otherwise where one may not see it. */
export function ErrorState({ error, onRetry, className }: ErrorStateProps) {
  const { kind, message } = failureOf(error);
  if (kind === 'forbidden') return <ForbiddenState message={message} {...(className !== undefined && { className })} />;
  return (
    <div role="alert">
      <EmptyState
        icon={CircleAlert}
        tone="bad"
        title={kind === 'unreachable' ? 'The gateway is out of reach' : 'This could not be read'}
        className={className ?? ''}
        action={
          onRetry !== undefined && (
            <Button icon={<RotateCw aria-hidden />} onClick={onRetry}>
              Try again
            </Button>
          )
        }
      >
        <span className="break-words">{message}</span>
      </EmptyState>
    </div>
  );
}

/** One may not see it: who can change that. */
export const ForbiddenState = ({ message, className }: { readonly message?: string; readonly className?: string }) => (
  <EmptyState icon={Lock} title="Not for this account" className={className ?? ''}>
    {message ?? 'Your role does not include this page. Ask an administrator for another role.'}
  </EmptyState>
);
