import { useId, type ReactNode } from 'react';

import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export interface FormDialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg';
  /** What the button that sends it says: a verb. */
  readonly submitLabel: string;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly isBusy?: boolean;
  /** True while there is something to be settled first, such as a conflict. */
  readonly isBlocked?: boolean;
  /** In the place of Cancel, such as a way back. */
  readonly otherWay?: ReactNode;
  /** Fields in two columns; what takes both has `sm:col-span-2`. */
  readonly children: ReactNode;
}

/** A form in front of the page: Enter sends it, Escape leaves it. What is wrong stands beside the fields, as the API says it. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, size = 'md', submitLabel, onSubmit, onClose, isBusy = false, isBlocked = false } = props;
  const id = useId();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      size={size}
      footer={
        <>
          {props.otherWay ?? <Button onClick={onClose}>Cancel</Button>}
          <Button type="submit" form={id} variant="primary" isBusy={isBusy} disabled={isBlocked}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {props.children}
      </form>
    </Dialog>
  );
}
