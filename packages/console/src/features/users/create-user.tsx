import type { User } from '@patchbay/contract/resources/user';
import { useState } from 'react';
import { toast } from 'sonner';

import { Field } from '../../components/ui/field.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { ROLE_HINTS, ROLE_NAMES, type RoleName } from './roles.ts';

const EMPTY = { username: '', email: '', password: '', role: 'user' as RoleName };

type Write = (name: keyof typeof EMPTY) => (event: { readonly target: { readonly value: string } }) => void;

/** Asks for what a user is made of. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const create = useChange('users.create', ['users.list', 'audit.list']);
  const failure = create.error === null ? undefined : failureOf(create.error);
  const write: Write = (name) => (event) => setDraft((before) => ({ ...before, [name]: event.target.value }));
  const onSuccess = ({ username }: User): void => {
    toast.success(`${username} can sign in.`);
    onClose();
  };
  return (
    <FormDialog
      title="Make a user"
      submitLabel="Make the user"
      isBusy={create.isPending}
      onClose={onClose}
      onSubmit={() => create.mutate({ body: draft }, { onSuccess })}
    >
      <DraftFields draft={draft} fields={failure?.fields ?? {}} onChange={write} />
      <FormFailure failure={failure} shownBeside={/^(?:username|email|password|role)$/} />
    </FormDialog>
  );
}

interface DraftFieldsProps {
  readonly draft: typeof EMPTY;
  /** What is wrong with each. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: Write;
}

const DraftFields = ({ draft, fields, onChange }: DraftFieldsProps) => (
  <>
    <Field label="User name" error={fields['username']} hint="3 to 50 characters, without @ and spaces.">
      {(control) => <Input {...control} autoComplete="off" value={draft.username} onChange={onChange('username')} />}
    </Field>
    <Field label="E-mail address" error={fields['email']}>
      {(control) => (
        <Input {...control} type="email" autoComplete="off" value={draft.email} onChange={onChange('email')} />
      )}
    </Field>
    <Field label="Password" error={fields['password']} hint="At least 8 characters.">
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete="new-password"
          value={draft.password}
          onChange={onChange('password')}
        />
      )}
    </Field>
    <Field label="Role" error={fields['role']} hint={ROLE_HINTS[draft.role]}>
      {(control) => (
        <Select {...control} value={draft.role} onChange={onChange('role')}>
          {ROLE_NAMES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Select>
      )}
    </Field>
  </>
);
