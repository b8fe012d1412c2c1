import type { ConsoleSession } from '@patchbay/contract/resources/user';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type SubmitEvent } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { SESSION_KEY } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useAddress } from '../../lib/use-address.ts';
import { useApi } from '../../lib/use-api.ts';
import { useSessionQuery } from '../../lib/use-session.ts';

/** Signs in and goes on to where one wanted to go. */
export function Page() {
  const navigate = useNavigate();
  const [{ next }] = useAddress();
  const hash = useLocation({ select: (location) => location.hash });
  const { data: session } = useSessionQuery();
  useEffect(() => {
    document.title = 'Sign in · Patchbay';
  }, []);
  useEffect(() => {
    if (session) void navigate({ to: ownPath(next), hash, replace: true });
  }, [session]);
  return (
    <main className="grid min-h-full place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center text-center">
          <img src="/favicon.svg" alt="" className="mb-4 size-11" />
          <h1 className="text-xl font-semibold tracking-tight">Sign in to Patchbay</h1>
          <p className="mt-1 text-ink-2">The gateway printed the first password when it started.</p>
        </div>
        <Credentials />
      </div>
    </main>
  );
}

function Credentials() {
  const api = useApi();
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const open = useMutation({
    mutationFn: () => api.call('session.open', { body: { username, password } }),
    onSuccess: (opened: ConsoleSession) => queries.setQueryData(SESSION_KEY, opened),
  });
  const failure = open.error === null ? undefined : failureOf(open.error);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    open.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-4 rounded-xl border border-line bg-surface p-6 shadow-rest">
      <Field label="User name or e-mail address" error={failure?.fields['username']}>
        {(control) => (
          <Input
            {...control}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password" error={failure?.fields['password']}>
        {(control) => (
          <Input
            {...control}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <FormError message={failure?.message} />
      <Button type="submit" variant="primary" size="lg" isBusy={open.isPending}>
        Sign in
      </Button>
    </form>
  );
}

/** Only ever an address of our own: `//elsewhere` and `https:` are none. */
const ownPath = (next: string | undefined): string => (next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/');
