import type { Proxy } from '@patchbay/contract/resources/proxy';
import { toast } from 'sonner';

import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { bodyOf, type ProxyDraft } from './proxy-fields.tsx';
import { STALE } from './stale.ts';
import { nameOf } from './words.ts';

/** Adds or changes. A change says which version it was made from: what somebody else saved meanwhile is not overwritten. */
export function useSaveProxy(changed: Proxy | undefined, onClose: () => void) {
  const create = useChange('proxies.create', STALE);
  const update = useChange('proxies.update', STALE);
  const { error, isPending } = changed === undefined ? create : update;
  const onSuccess = (saved: Proxy): void => {
    toast.success(`${nameOf(saved)} was ${changed === undefined ? 'added' : 'changed'}.`);
    onClose();
  };
  const save = (draft: ProxyDraft): void => {
    const body = bodyOf(draft);
    if (changed === undefined) return create.mutate({ body }, { onSuccess });
    update.mutate({ params: { id: changed.id }, body: { ...body, version: changed.version } }, { onSuccess });
  };
  return { save, isPending, failure: error === null ? undefined : failureOf(error) };
}
