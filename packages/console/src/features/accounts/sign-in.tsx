import { UserRoundCog } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { SignInUnderWay } from './sign-in-under-way.tsx';
import { useSignInDraft, type SignInProvider } from './use-sign-in-draft.ts';
import { useSignIn } from './use-sign-in.ts';

/** Signs an account in at its provider: in a window beside this one, or with a code on another device. */
export function SignIn({ onClose }: { readonly onClose: () => void }) {
  const { offered, ready, chosen, isNotSetUp, draft, take } = useSignInDraft();
  const { begin, leave, started, popup, failure, isPending } = useSignIn();
  const done = (): void => {
    toast.success('The account is signed in.');
    onClose();
  };
  const close = (): void => {
    leave();
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      title="Sign an account in"
      description="At the provider, with its own page. The gateway keeps the tokens sealed and exchanges them in time."
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          {started === undefined && chosen !== undefined && (
            <Button type="submit" form="sign-in-account" variant="primary" isBusy={isPending}>
              Go on to {chosen.name}
            </Button>
          )}
        </>
      }
    >
      {started !== undefined && (
        <SignInUnderWay key={started.state} started={started} popup={popup} onDone={done} onAgain={leave} />
      )}
      {started === undefined && isNotSetUp && <NotSetUp offered={offered} />}
      {started === undefined && chosen !== undefined && (
        <SignInForm ready={ready} chosen={chosen} draft={draft} failure={failure} onChange={take} onSubmit={begin} />
      )}
    </Dialog>
  );
}

interface NotSetUpProps {
  readonly offered: readonly SignInProvider[];
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
