import { LoaderCircle } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { CodeBlock } from '../../components/ui/code.tsx';
import { Field, FormError } from '../../components/ui/field.tsx';
import { Input } from '../../components/ui/input.tsx';
import { Time } from '../../components/ui/values.tsx';
import type { Answer } from '../../lib/api.ts';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { useSignInCourse } from './use-sign-in-course.ts';
import { isWebAddress } from './use-sign-in.ts';

export interface SignInUnderWayProps {
  readonly started: Answer<'oauth.init'>;
  /** The window that it goes on in; null where there is none. */
  readonly popup: Window | null;
  readonly onDone: () => void;
  /** Begins anew. */
  readonly onAgain: () => void;
}

/** A sign-in that somebody is at: where to go on, the code to type in, and how far it is. */
export function SignInUnderWay({ started, popup, onDone, onAgain }: SignInUnderWayProps) {
  const { auth_url: url, user_code: code, expires_at: expiresAt, state } = started;
  const course = useSignInCourse(started, popup, onDone);
  if (course.state === 'over')
    return (
      <div className="grid gap-4">
        <FormError message={course.sentence} />
        <div>
          <Button size="sm" onClick={onAgain}>
            Begin anew
          </Button>
        </div>
      </div>
    );
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
      <p role="status" className="flex items-center gap-2 text-sm text-ink-2">
        <LoaderCircle className="size-4 shrink-0 animate-spin" aria-hidden />
        <span>
          {course.state === 'window-shut'
            ? 'The window was shut. If the sign-in did not end there, open the page again or begin anew. '
            : 'Waiting for the provider. '}
          It ends <Time at={expiresAt} isAge />.
        </span>
      </p>
      <FormError message={course.sentence === undefined ? undefined : `The window said: ${course.sentence}`} />
      {code === undefined && <ByHand state={state} onDone={onDone} />}
    </div>
  );
}

/** For providers whose page leads to an address that only another machine would answer. */
function ByHand({ state, onDone }: { readonly state: string; readonly onDone: () => void }) {
  const [address, setAddress] = useState('');
  const exchange = useChange('oauth.exchange', ['accounts.list', 'accounts.summary']);
  const failure = exchange.error === null ? undefined : failureOf(exchange.error);
  return (
    <form
      noValidate
      className="grid gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        exchange.mutate({ body: bodyOf(address.trim(), state) }, { onSuccess: onDone });
      }}
    >
      <Field
        label="It ended on a page that does not load?"
        hint="Copy that page’s address here."
        error={failure?.fields['callback_url'] ?? failure?.fields['state'] ?? failure?.message}
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

/** An address names its sign-in itself. Where it does not, ours is named, unless it is no address to come back to: that would end it. */
function bodyOf(address: string, state: string) {
  const said = URL.parse(address)?.searchParams;
  const isNameless = said?.has('code') === true && !said.has('state');
  return { callback_url: address, ...(isNameless && { state }) };
}
