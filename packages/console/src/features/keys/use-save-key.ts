import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { toast } from 'sonner';

import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { endOf, expiryOf, type WrittenEnd } from './end-field.tsx';
import { limitsOf, type LimitDraft } from './limit-fields.tsx';
import { nameOf } from './words.ts';

/** Answers that every change of a key makes stale. */
export const STALE = ['keys.list', 'keys.usage', 'audit.list'] as const;

/** What is written in the form; limits and end are absent for whoever may not change them. */
export interface KeyDraft {
  readonly label: string;
  readonly limits?: LimitDraft;
  readonly end?: WrittenEnd;
  /** Whether bodies of its calls are kept; absent for whoever may not say. */
  readonly capture?: ApiKey['capture'];
}

/**
 * Makes a key, whose text is in `made` then, or changes one. A change says which version it was made from: what somebody
 * else saved meanwhile is not overwritten.
 */
export function useSaveKey(changed: ApiKey | undefined, onClose: () => void) {
  const create = useChange('keys.create', STALE);
  const update = useChange('keys.update', STALE);
  const { error, isPending } = changed === undefined ? create : update;
  const save = ({ label, limits, end, capture }: KeyDraft): void => {
    const body = { label, ...(limits && { limits: limitsOf(limits) }), ...(capture && { capture }) };
    const expiry = end === undefined || end === endOf(changed?.expires_at) ? undefined : expiryOf(end);
    if (changed === undefined) return create.mutate({ body: { ...body, ...(expiry && { expires_at: expiry }) } });
    const onSuccess = (saved: ApiKey): void => {
      toast.success(`${nameOf(saved)} was changed.`);
      onClose();
    };
    const { id, version } = changed;
    update.mutate(
      { params: { id }, body: { ...body, version, ...(expiry !== undefined && { expires_at: expiry }) } },
      { onSuccess },
    );
  };
  return { save, isPending, made: create.data, failure: error === null ? undefined : failureOf(error) };
}
