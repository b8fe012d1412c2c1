import { useId, type ReactNode } from 'react';

import { cx } from '../../lib/cx.ts';

/** What the control of a field must carry: `<Input {...control} />`. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

export interface FieldProps {
  readonly label: string;
  /** What to write here, and what happens without. */
  readonly hint?: ReactNode;
  /** What the API says is wrong with it: `failure.fields[name]`. */
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  readonly className?: string;
  readonly children: (control: FieldControl) => ReactNode;
}

/** A control with its name above and, beneath, what is wrong with it or else what it is for. */
export function Field({ label, hint, error, isOptional = false, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  const control = {
    id,
    ...(note !== undefined && { 'aria-describedby': noteId }),
    ...(error !== undefined && { 'aria-invalid': true as const }),
  };
  return (
    <div className={cx('grid content-start gap-1.5', className)}>
      <label htmlFor={id} className="flex items-baseline justify-between gap-2 text-sm font-medium text-ink">
        {label}
        {isOptional && <span className="text-xs font-normal text-ink-3">optional</span>}
      </label>
      {children(control)}
      {note !== undefined && (
        <p
          id={noteId}
          role={error === undefined ? undefined : 'alert'}
          className={cx('text-xs', error === undefined ? 'text-ink-3' : 'text-bad')}
        >
          {note}
        </p>
      )}
    </div>
  );
}

/** What is wrong with a whole form: shown above its buttons. */
export const FormError = ({ message }: { readonly message: string | undefined }) =>
  message === undefined ? null : (
    <p role="alert" className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-sm text-bad">
      {message}
    </p>
  );
