import type { Proxy } from '@patchbay/contract/resources/proxy';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { Conflict } from '../../components/ui/conflict.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { FormError } from '../../components/ui/field.tsx';
import { draftOf, NEW, ProxyFields, type ProxyDraft } from './proxy-fields.tsx';
import { useSaveProxy } from './use-save-proxy.ts';

/** Which proxy the form is for. */
export interface ProxyFormProps {
  /** The proxy that is changed; absent: a new one is added. */
  readonly changed?: Proxy | undefined;
  readonly onClose: () => void;
}

/** Asks where a proxy is and how much goes through it. */
export function ProxyForm({ changed, onClose }: ProxyFormProps) {
  const [draft, setDraft] = useState<ProxyDraft>(() => (changed === undefined ? NEW : draftOf(changed)));
  const { save, failure, isPending } = useSaveProxy(changed, onClose);
  const fields = failure?.fields ?? {};
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={changed === undefined ? 'Add a proxy' : 'Change the proxy'}
      description="Accounts that are assigned to it go out through it, and through nothing else."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="proxy-form" variant="primary" isBusy={isPending}>
            {changed === undefined ? 'Add the proxy' : 'Save'}
          </Button>
        </>
      }
    >
      <form
        id="proxy-form"
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          save(draft);
        }}
      >
        <ProxyFields
          draft={draft}
          fields={fields}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        <div className="sm:col-span-2">
          {failure?.kind === 'conflict' && fields['url'] === undefined ? (
            <Conflict failure={failure} />
          ) : (
            <FormError message={Object.keys(fields).length > 0 ? undefined : failure?.message} />
          )}
        </div>
      </form>
    </Dialog>
  );
}
