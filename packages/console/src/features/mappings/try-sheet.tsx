import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Field } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Sheet } from '../../components/ui/sheet.tsx';
import { Resolved } from './resolved.tsx';

export interface TrySheetProps {
  /** The name that was asked for; empty: none yet. */
  readonly name: string;
  readonly onAsk: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks for a name and tells where a call by it would go. Nobody is called. */
export function TrySheet({ name, onAsk, onClose }: TrySheetProps) {
  const [written, setWritten] = useState(name);
  return (
    <Sheet isOpen onClose={onClose} title="Try a name">
      <div className="grid gap-5 p-4">
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            onAsk(written.trim());
          }}
        >
          <Field label="Name or model" className="flex-1">
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                spellCheck={false}
                value={written}
                onChange={({ target }) => setWritten(target.value)}
              />
            )}
          </Field>
          <Button type="submit">Look</Button>
        </form>
        {name === '' ? (
          <p className="text-sm text-ink-3">
            It tells which provider, model and account a call of yours would go to, and why. Nobody is called.
          </p>
        ) : (
          <Resolved name={name} />
        )}
      </div>
    </Sheet>
  );
}
