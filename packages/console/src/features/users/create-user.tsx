import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
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
  const known = Object.keys(EMPTY).some((name) => failure?.fields[name] !== undefined);
  const write: Write = (name) => (event) => setDraft((before) => ({ ...before, [name]: event.target.value }));
  const submit = async (): Promise<void> => {
    try {
      const user = await create.mutateAsync({ body: draft });
      toast.success(`${user.username} can sign in.`);
      onClose();
    } catch {
      // The form shows why.
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Make a user"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="create-user" variant="primary" isBusy={create.isPending}>
            Make the user
          </Button>
        </>
      }
    >
      <form
        id="create-user"
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <DraftFields draft={draft} fields={failure?.fields ?? {}} onChange={write} />
        <div className="sm:col-span-2">
          <FormError message={known ? undefined : failure?.message} />
        </div>
      </form>
    </Dialog>
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
