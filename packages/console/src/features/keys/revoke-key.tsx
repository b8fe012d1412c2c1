import type { ApiKey } from '@patchbay/contract/resources/api-key';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { tellDone } from '../../lib/tell.ts';
import { useChange } from '../../lib/use-api.ts';
import { STALE } from './use-save-key.ts';
import { nameOf } from './words.ts';

export interface RevokeKeyProps {
  readonly revoked: ApiKey;
  readonly onClose: () => void;
}

/** Asks before a key opens nothing any more. */
export function RevokeKey({ revoked, onClose }: RevokeKeyProps) {
  const revoke = useChange('keys.revoke', STALE);
  const update = useChange('keys.update', STALE);
  const { id } = revoked;
  const name = nameOf(revoked);
  const onSuccess = (): void => {
    onClose();
    tellDone(`${name} opens nothing any more.`, () =>
      update.mutateAsync({ params: { id }, body: { is_active: true } }),
    );
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Revoke key"
      name={name}
      consequence="Whoever uses it is refused within a second. It stays in the list, and can be switched on again."
      change={revoke}
      onConfirm={() => revoke.mutate({ params: { id } }, { onSuccess })}
    />
  );
}
