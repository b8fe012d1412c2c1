import { useQueryClient } from '@tanstack/react-query';
import { LoaderCircle } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Time } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { keyOf, useChange, useOperation } from '../../lib/use-api.ts';
import { isWebAddress } from './use-sign-in.ts';

const ASKED_MS = 2000;

export interface SignInUnderWayProps {
  readonly started: Answer<'oauth.init'>;
  readonly onDone: () => void;
}

/** A sign-in that somebody is at: where to go on, the code to type in, and how far it is. */
export function SignInUnderWay({ started, onDone }: SignInUnderWayProps) {
  const { state, auth_url: url, user_code: code, expires_at: expiresAt } = started;
  const { data, error } = useOperation('oauth.status', { params: { state } }, { everyMs: ASKED_MS });
  const queries = useQueryClient();
  const finish = useEffectEvent(() => {
    void queries.invalidateQueries({ queryKey: keyOf('accounts.list') });
    onDone();
  });
  const status = data?.status ?? 'pending';
  useEffect(() => {
    if (status === 'done') finish();
  }, [status]);
  const wrong =
    status === 'failed' || status === 'expired'
      ? (data?.error ?? 'The sign-in took too long. Close this and begin anew.')
      : error === null
        ? undefined
        : failureOf(error).message;
  return (
    <div className="grid gap-4">
      {code !== undefined && <CodeBlock text={code} label="The code to type in" />}
      {isWebAddress(url) && (
        <p className="text-sm">
          <a className="text-accent underline underline-offset-2" href={url} target="_blank" rel="noopener noreferrer">
            {code === undefined ? 'Open the page of the provider' : 'Type it in on the page of the provider'}
          </a>
          {code === undefined && <span className="text-ink-3"> if no window has opened.</span>}
        </p>
      )}
      {wrong === undefined ? (
        <p role="status" className="flex items-center gap-2 text-sm text-ink-2">
          <LoaderCircle className="size-4 animate-spin" aria-hidden />
          <span>
            Waiting for the provider. It ends <Time at={expiresAt} isAge />.
          </span>
        </p>
      ) : (
        <FormError message={wrong} />
      )}
      {code === undefined && <ByHand state={state} onDone={() => finish()} />}
    </div>
  );
}

/** For providers whose page leads to an address that only another machine would answer. */
function ByHand({ state, onDone }: { readonly state: string; readonly onDone: () => void }) {
  const [address, setAddress] = useState('');
  const exchange = useChange('oauth.exchange', ['accounts.list']);
  const failure = exchange.error === null ? undefined : failureOf(exchange.error);
  return (
    <form
      noValidate
      className="grid gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        exchange.mutate({ body: { callback_url: address.trim(), state } }, { onSuccess: onDone });
      }}
    >
      <Field
        label="It ended on a page that does not load?"
        hint="Copy that page’s address here."
        error={failure?.fields['callback_url'] ?? failure?.message}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            value={address}
            onChange={({ target }) => setAddress(target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" size="sm" disabled={address.trim() === ''} isBusy={exchange.isPending}>
          End the sign-in
        </Button>
      </div>
    </form>
  );
}
