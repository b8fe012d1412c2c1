import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { useState } from 'react';

import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Select } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { NewKey } from './new-key.tsx';
import { STALE } from './use-save-key.ts';
import { nameOf } from './words.ts';

export interface RotateKeyProps {
  readonly rotated: ApiKey;
  readonly onClose: () => void;
}

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** For how long both secrets work. */
const GRACES: readonly (readonly [seconds: number, label: string])[] = [
  [0, 'not at all: it stops now'],
  [HOUR_S, 'for an hour'],
  [DAY_S, 'for a day'],
  [3 * DAY_S, 'for three days'],
  [7 * DAY_S, 'for seven days'],
];

/** Asks for how long the secret of now shall work beside the new one, and then shows that. */
export function RotateKey({ rotated, onClose }: RotateKeyProps) {
  const rotate = useChange('keys.rotate', STALE);
  const [graceS, setGraceS] = useState(DAY_S);
  // What somebody else changes meanwhile is not rotated unseen.
  const [{ id, version, older_ends_at: olderEndsAt }] = useState(rotated);
  const hasOlder = olderEndsAt !== null && Date.parse(olderEndsAt) > Date.now();
  if (rotate.data !== undefined) return <NewKey made={rotate.data} onClose={onClose} />;
  return (
    <FormDialog
      title={`Rotate ${nameOf(rotated)}`}
      description="It gets a new secret; its limits, its budget and its calls stay those of one key."
      size="sm"
      submitLabel="Rotate the key"
      isBusy={rotate.isPending}
      onClose={onClose}
      onSubmit={() => rotate.mutate({ params: { id }, body: { grace_seconds: graceS, version } })}
    >
      <Field
        label="The old secret still works"
        hint={
          hasOlder
            ? 'The one from before the last rotation stops at once.'
            : 'So that programs can be changed one by one.'
        }
        className="sm:col-span-2"
      >
        {(control) => (
          <Select {...control} value={graceS} onChange={({ target }) => setGraceS(Number(target.value))}>
            {GRACES.map(([seconds, label]) => (
              <option key={seconds} value={seconds}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <FormFailure failure={rotate.error === null ? undefined : failureOf(rotate.error)} />
    </FormDialog>
  );
}
