import type { Account } from '@patchbay/contract/resources/account';
import { toast } from 'sonner';

import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { membersOf, type CredentialDraft, type WrittenKind } from './credential-fields.tsx';
import { modelDraftsOf, modelLimitsOf, type ModelLimitsDraft } from './model-limits.tsx';
import { proxyIdOf, type WayOut } from './proxy-field.tsx';
import { metadataOf, shareDraftOf, type ShareDraft } from './share-fields.tsx';
import { STALE } from './use-account-acts.ts';
import { nameOf } from './words.ts';

/** What is written in the form. */
export interface AccountDraft {
  readonly providerId: string | undefined;
  readonly label: string;
  readonly kind: WrittenKind;
  readonly credential: CredentialDraft;
  readonly way: WayOut;
  readonly share: ShareDraft;
  /** Limits for single models. */
  readonly models: readonly ModelLimitsDraft[];
}

/** Adds or changes. A change says which version it was made from: what somebody else saved meanwhile is not overwritten. */
export function useSaveAccount(changed: Account | undefined, onClose: () => void) {
  const create = useChange('accounts.create', STALE);
  const update = useChange('accounts.update', STALE);
  const { error, isPending } = changed === undefined ? create : update;
  const onSuccess = (saved: Account): void => {
    toast.success(`${nameOf(saved)} was ${changed === undefined ? 'added' : 'changed'}.`);
    onClose();
  };
  const save = ({ providerId = '', label, kind, credential, way, share, models }: AccountDraft): void => {
    const members = membersOf(kind, credential);
    const proxy = proxyIdOf(way);
    const before = changed?.metadata ?? {};
    const isShared = JSON.stringify([share, models]) !== JSON.stringify([shareDraftOf(before), modelDraftsOf(before)]);
    const common = {
      label: label.trim(),
      ...(proxy !== undefined && { proxy_id: proxy }),
      ...(isShared && { metadata: metadataOf(before, share, modelLimitsOf(models)) }),
    };
    if (changed === undefined)
      return create.mutate({ body: { ...common, provider_id: providerId, auth_data: members } }, { onSuccess });
    const isNewCredential = Object.keys(members).length > 0;
    update.mutate(
      {
        params: { id: changed.id },
        body: { ...common, version: changed.version, ...(isNewCredential && { auth_data: members }) },
      },
      { onSuccess },
    );
  };
  return { save, isPending, failure: error === null ? undefined : failureOf(error) };
}
