import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

export interface KeyValueProps {
  /** Names with values; a value that is `undefined` is left out. */
  readonly rows: readonly (readonly [string, ReactNode | undefined])[];
  readonly className?: string;
}

/** What is known of one thing, one line each. */
export const KeyValue = ({ rows, className }: KeyValueProps) => (
  <dl className={cx('grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-6 text-sm', className)}>
    {rows
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid border-b border-line py-2 last:border-0">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
  </dl>
);
