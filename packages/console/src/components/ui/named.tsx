import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

export interface NamedProps {
  readonly name: string;
  /** What else it is known by: an identifier, an address. */
  readonly besides: string;
  /** False: `besides` is words, not an identifier. Default true. */
  readonly isCode?: boolean;
  /** What else is to be said, such as a `Badge`. */
  readonly children?: ReactNode;
}

/** What a row is of, in two lines where there is room for one column alone, else in one. */
export const Named = ({ name, besides, isCode = true, children }: NamedProps) => (
  <span className="flex min-w-0 items-baseline gap-x-2 max-md:flex-col max-md:leading-4" title={`${name} (${besides})`}>
    <bdi className="max-w-full min-w-12 truncate font-medium">{name}</bdi>
    <bdi className={cx('max-w-full min-w-0 truncate text-xs text-ink-3 max-md:text-2xs', isCode && 'font-mono')}>
      {besides}
    </bdi>
    {children}
  </span>
);
