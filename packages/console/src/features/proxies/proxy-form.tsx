import type { Proxy } from '@patchbay/contract/resources/proxy';
import { useState } from 'react';

import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
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
  return (
    <FormDialog
      title={changed === undefined ? 'Add a proxy' : 'Change the proxy'}
      description="Accounts that are assigned to it go out through it, and through nothing else."
      submitLabel={changed === undefined ? 'Add the proxy' : 'Save'}
      isBusy={isPending}
      onClose={onClose}
      onSubmit={() => save(draft)}
    >
      <ProxyFields
        draft={draft}
        fields={failure?.fields ?? {}}
        onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
      />
      <FormFailure failure={failure} shownBeside={/^(?:url|label|max_accounts|weight|priority|max_failures)$/} />
    </FormDialog>
  );
}
