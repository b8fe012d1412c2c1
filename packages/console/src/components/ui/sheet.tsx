import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';
import { Button } from './button.tsx';
import { VEIL } from './dialog.tsx';
import { FocusBack } from './focus-back.tsx';
import { ToastPlace } from './toast-place.tsx';

export interface SheetProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** False: the title is for screen readers alone. */
  readonly showsTitle?: boolean;
  readonly side?: 'left' | 'right';
  readonly size?: 'sm' | 'md' | 'lg';
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

const WIDTHS = { sm: 'w-72', md: 'w-full sm:w-[32rem]', lg: 'w-full sm:w-[min(56rem,92vw)]' } as const;

/** A drawer from the side: details beside the list that they belong to. */
export const Sheet = ({
  isOpen,
  onClose,
  title,
  showsTitle = true,
  side = 'right',
  size = 'md',
  actions,
  children,
}: SheetProps) => (
  <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
    <Radix.Portal>
      <Radix.Overlay className={VEIL} />
      <Radix.Content
        aria-describedby={undefined}
        className={cx(
          'fixed inset-y-0 z-50 flex max-w-full flex-col border-line bg-raised shadow-pop outline-none',
          WIDTHS[size],
          side === 'right'
            ? 'right-0 border-l data-[state=open]:animate-slide-right'
            : 'left-0 border-r data-[state=open]:animate-slide-left',
        )}
      >
        <header
          className={cx('flex items-center gap-2 border-b border-line py-2.5 pr-2.5 pl-4', !showsTitle && 'sr-only')}
        >
          <Radix.Title className="min-w-0 flex-1 truncate text-base font-semibold">{title}</Radix.Title>
          {actions}
          <Radix.Close asChild>
            <Button variant="quiet" size="icon-sm" aria-label="Close" icon={<X aria-hidden />} />
          </Radix.Close>
        </header>
        <div
          // It scrolls, so the keys must reach it, whatever stands in it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
        >
          {children}
        </div>
        <FocusBack />
        <ToastPlace />
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);
