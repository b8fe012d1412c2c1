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

/** Asks for what a user is made of. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const create = useChange('users.create', ['users.list', 'audit.list']);
  const failure = create.error === null ? undefined : failureOf(create.error);
  const known = Object.keys(EMPTY).some((name) => failure?.fields[name] !== undefined);
  const write = (name: keyof typeof EMPTY) => (event: { readonly target: { readonly value: string } }) =>
    setDraft((before) => ({ ...before, [name]: event.target.value }));
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
        <Field label="User name" error={failure?.fields['username']} hint="3 to 50 characters, without @ and spaces.">
          {(control) => <Input {...control} autoComplete="off" value={draft.username} onChange={write('username')} />}
        </Field>
        <Field label="E-mail address" error={failure?.fields['email']}>
          {(control) => (
            <Input {...control} type="email" autoComplete="off" value={draft.email} onChange={write('email')} />
          )}
        </Field>
        <Field label="Password" error={failure?.fields['password']} hint="At least 8 characters.">
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              value={draft.password}
              onChange={write('password')}
            />
          )}
        </Field>
        <Field label="Role" error={failure?.fields['role']} hint={ROLE_HINTS[draft.role]}>
          {(control) => (
            <Select {...control} value={draft.role} onChange={write('role')}>
              {ROLE_NAMES.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          )}
        </Field>
        <div className="sm:col-span-2">
          <FormError message={known ? undefined : failure?.message} />
        </div>
      </form>
    </Dialog>
  );
}
