import type { ReactNode } from 'react';

import { Sheet } from './sheet.tsx';
import { ErrorState, WaitingLines } from './states.tsx';

export interface AskedSheetProps<Shown> {
  /** What it is called until its name is known: `Model`. */
  readonly kind: string;
  /** Undefined until it was read. */
  readonly shown: Shown | undefined;
  readonly asked: { readonly error: Error | null; readonly refetch: () => unknown };
  readonly onClose: () => void;
  readonly actions?: (shown: Shown) => ReactNode;
  readonly children: (shown: Shown) => ReactNode;
}

const LINES = 9;

/** A sheet of something that is read when it opens: lines to come, why it cannot be read, or the thing itself. */
export const AskedSheet = <Shown extends { readonly name: string }>(props: AskedSheetProps<Shown>) => {
  const { kind, shown, asked, onClose, actions, children } = props;
  return (
    <Sheet isOpen onClose={onClose} title={shown?.name ?? kind} actions={shown && actions?.(shown)}>
      {shown === undefined && asked.error === null && <WaitingLines lines={LINES} />}
      {shown === undefined && asked.error !== null && (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      )}
      {shown !== undefined && <div className="grid gap-6 p-4">{children(shown)}</div>}
    </Sheet>
  );
};
