import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

export interface PageProps {
  /** True: the page is as high as the window, and something in it scrolls, such as a long table. */
  readonly fills?: boolean;
  readonly children: ReactNode;
}

/** The frame of every page: the same edges at every width. */
export const Page = ({ fills = false, children }: PageProps) => (
  <div
    className={cx(
      'mx-auto flex w-full max-w-[110rem] flex-col gap-4 px-4 py-5 sm:px-6 lg:px-8 lg:py-6',
      fills ? 'h-full min-h-0' : 'min-h-full',
    )}
  >
    {children}
  </div>
);

export interface PageHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
}

/** What a page is and what can be done on it. */
export const PageHeader = ({ title, description, actions }: PageHeaderProps) => (
  <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
    <h1 className="min-w-0 flex-1 basis-24 text-xl leading-8 font-semibold tracking-tight break-words">{title}</h1>
    {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    {description !== undefined && (
      <div className="-mt-1.5 basis-full">
        <p className="max-w-4xl text-sm text-pretty text-ink-2">{description}</p>
      </div>
    )}
  </header>
);

/** Filters above a list; what counts it stands at the end. */
export const Toolbar = ({ children, end }: { readonly children: ReactNode; readonly end?: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-2">
    {children}
    {end !== undefined && (
      <div className="numeric ml-auto flex items-center gap-1 text-xs whitespace-nowrap text-ink-3">{end}</div>
    )}
  </div>
);
