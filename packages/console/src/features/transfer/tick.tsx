import { useId, type ReactNode } from 'react';

import { Checkbox } from '../../components/ui/input.tsx';

export interface TickProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly value: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
}

/** One thing to take along or not, with what that means. */
export function Tick({ label, hint, value, onChange, isDisabled = false }: TickProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={value}
        disabled={isDisabled}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onCheckedChange={(isOn) => onChange(isOn === true)}
      />
      <div className="grid gap-0.5">
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-ink-3">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
