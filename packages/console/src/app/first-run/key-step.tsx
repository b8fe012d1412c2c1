import { useState, type SubmitEvent } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Card } from '../../components/ui/card.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

export interface KeyStepProps {
  /** The text of the key that was made already. */
  readonly made: string | undefined;
  readonly onMade: (key: string) => void;
  readonly onNext: () => void;
}

/** A key for a program, whose text is shown this once. */
export function KeyStep({ made, onMade, onNext }: KeyStepProps) {
  const [label, setLabel] = useState('My first program');
  const create = useChange('keys.create', ['keys.list', 'audit.list']);
  const failure = create.error === null ? undefined : failureOf(create.error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    create.mutate({ body: { label } }, { onSuccess: ({ key }) => onMade(key) });
  };
  return (
    <>
      <Card title="A key for your program">
        {made === undefined ? (
          <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
            <Field label="Name" error={failure?.fields['label']} className="min-w-56 flex-1">
              {(control) => (
                <Input
                  {...control}
                  autoComplete="off"
                  value={label}
                  onChange={(event) => setLabel(event.target.value)}
                />
              )}
            </Field>
            <Button type="submit" variant="primary" isBusy={create.isPending}>
              Make the key
            </Button>
            <div className="w-full empty:hidden">
              <FormError message={failure?.fields['label'] === undefined ? failure?.message : undefined} />
            </div>
          </form>
        ) : (
          <div className="grid gap-3">
            <p className="text-sm text-ink-2">Copy it now: only a hash of it is kept, and it is shown this once.</p>
            <CodeBlock text={made} label="The key" wraps />
          </div>
        )}
      </Card>
      <footer className="flex justify-end">
        <Button variant={made === undefined ? 'plain' : 'primary'} size="lg" onClick={onNext}>
          {made === undefined ? 'Pass over' : 'Next: a request'}
        </Button>
      </footer>
    </>
  );
}
