import { useState } from 'react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input, Select } from '../../components/ui/input.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { UserRoundCog } from 'lucide-react';
import { useOperation } from '../../lib/use-api.ts';
import { SignInUnderWay } from './sign-in-under-way.tsx';
import { useSignIn } from './use-sign-in.ts';

/** Signs an account in at its provider: in a window beside this one, or with a code on another device. */
export function SignIn({ onClose }: { readonly onClose: () => void }) {
  const { data } = useOperation('oauth.providers');
  const [draft, setDraft] = useState({ provider: '', label: '', way: 'browser' });
  const { begin, started, failure, isPending } = useSignIn();
  const offered = data?.providers ?? [];
  const ready = offered.filter(({ configured }) => configured);
  const chosen = ready.find(({ id }) => id === draft.provider) ?? ready[0];
  const ways = chosen?.flows ?? [];
  const way = ways.length === 1 ? (ways[0] === 'device_code' ? 'device' : 'browser') : draft.way;
  const take = (change: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...change }));
  const done = (): void => {
    toast.success('The account is signed in.');
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Sign an account in"
      description="At the provider, with its own page. The gateway keeps the tokens sealed and exchanges them in time."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {started === undefined && chosen !== undefined && (
            <Button type="submit" form="sign-in-account" variant="primary" isBusy={isPending}>
              Go on to {chosen.name}
            </Button>
          )}
        </>
      }
    >
      {started !== undefined && <SignInUnderWay started={started} onDone={done} />}
      {started === undefined && data !== undefined && chosen === undefined && <NotSetUp offered={offered} />}
      {started === undefined && chosen !== undefined && (
        <form
          id="sign-in-account"
          noValidate
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            begin({ provider: chosen.id, label: draft.label.trim(), isDevice: way === 'device' });
          }}
        >
          <Field label="Provider" error={failure?.fields['provider']}>
            {(control) => (
              <Select {...control} value={chosen.id} onChange={({ target }) => take({ provider: target.value })}>
                {ready.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Name" isOptional error={failure?.fields['label']}>
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                value={draft.label}
                onChange={({ target }) => take({ label: target.value })}
              />
            )}
          </Field>
          {ways.length > 1 && (
            <Field label="How" error={failure?.fields['flow_type']}>
              {(control) => (
                <Select {...control} value={way} onChange={({ target }) => take({ way: target.value })}>
                  <option value="browser">in a window beside this one</option>
                  <option value="device">with a code on any device</option>
                </Select>
              )}
            </Field>
          )}
          <FormError message={Object.keys(failure?.fields ?? {}).length > 0 ? undefined : failure?.message} />
        </form>
      )}
    </Dialog>
  );
}

interface NotSetUpProps {
  readonly offered: readonly { readonly id: string; readonly name: string; readonly missing: readonly string[] }[];
}

/** No provider has a client yet: what to set for each. */
const NotSetUp = ({ offered }: NotSetUpProps) => (
  <EmptyState icon={UserRoundCog} title="No provider is set up for signing in" className="py-4">
    <p>Register a client at the provider, set what stands beside it, and start the gateway anew.</p>
    <ul className="mt-3 grid gap-1 text-left text-xs">
      {offered.map(({ id, name, missing }) => (
        <li key={id}>
          {name}: <span className="font-mono break-words">{missing.join(', ')}</span>
        </li>
      ))}
    </ul>
  </EmptyState>
);
