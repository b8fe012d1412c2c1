import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState, type ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';
import { failureOf } from '../../lib/failure.ts';
import { Button } from './button.tsx';
import { ConfirmField, isConfirmed } from './confirm-field.tsx';
import { FormError } from './field.tsx';
import { FocusBack } from './focus-back.tsx';
import { ToastPlace } from './toast-place.tsx';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg';
  readonly children: ReactNode;
  /** Buttons, the one that does it last. */
  readonly footer?: ReactNode;
}

const WIDTHS = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-3xl' } as const;
/** The shade behind whatever stands in front of a page. */
export const VEIL = 'fixed inset-0 z-40 bg-veil data-[state=open]:animate-appear';

/** A question or a form in front of the page; Escape and the veil close it. */
export const Dialog = ({ isOpen, onClose, title, description, size = 'md', children, footer }: DialogProps) => (
  <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
    <Radix.Portal>
      <Radix.Overlay className={VEIL} />
      <Radix.Content
        {...(description === undefined && { 'aria-describedby': undefined })}
        onOpenAutoFocus={beginAtField}
        className={cx(
          'fixed inset-x-3 top-[8vh] z-50 mx-auto flex max-h-[84vh] flex-col rounded-xl border border-line bg-raised shadow-pop outline-none data-[state=open]:animate-appear',
          WIDTHS[size],
        )}
      >
        <header className="flex items-start gap-3 px-5 pt-4 pb-3">
          <div className="min-w-0 flex-1">
            <Radix.Title className="text-lg font-semibold tracking-tight">{title}</Radix.Title>
            {description !== undefined && (
              <Radix.Description className="mt-1 text-sm text-ink-2">{description}</Radix.Description>
            )}
          </div>
          <Radix.Close asChild>
            <Button variant="quiet" size="icon-sm" aria-label="Close" icon={<X aria-hidden />} className="-mr-1.5" />
          </Radix.Close>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
        {footer !== undefined && (
          <footer className="flex flex-wrap justify-end gap-2 rounded-b-xl border-t border-line bg-sunken px-5 py-3">
            {footer}
          </footer>
        )}
        <FocusBack />
        <ToastPlace />
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);

/** Where there is something to fill in, one begins there and not at the button that closes. */
function beginAtField(event: Event): void {
  const { currentTarget } = event;
  const field =
    currentTarget instanceof Element &&
    currentTarget.querySelector<HTMLElement>(':is(input, select, textarea, [role=combobox]):not(:disabled, [hidden])');
  if (!(field instanceof HTMLElement)) return;
  event.preventDefault();
  field.focus();
}

export interface ConfirmByNameProps {
  readonly onClose: () => void;
  /** What will be done: `Delete user`. */
  readonly title: string;
  /** The name that has to be written. */
  readonly name: string;
  /** What goes with it, and whether it can be undone. */
  readonly consequence: ReactNode;
  readonly onConfirm: () => void;
  /** What `onConfirm` begins: it is shown while it goes on, and why it was not done in the API's own words. */
  readonly change: { readonly isPending: boolean; readonly error: Error | null };
}

/** Asks for the name of the thing before it is destroyed. */
export function ConfirmByName({ onClose, title, name, consequence, onConfirm, change }: ConfirmByNameProps) {
  const [written, setWritten] = useState('');
  const isRight = isConfirmed(written, name);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={consequence}
      size="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="confirm-by-name" variant="danger" isBusy={change.isPending} disabled={!isRight}>
            {title}
          </Button>
        </>
      }
    >
      <form
        id="confirm-by-name"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) onConfirm();
        }}
      >
        <ConfirmField name={name} written={written} onChange={setWritten} />
        <FormError message={change.error === null ? undefined : failureOf(change.error).message} />
      </form>
    </Dialog>
  );
}
