import type { ApiKey } from '@patchbay/contract/resources/api-key';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';

export interface RevokeKeyProps {
  readonly revoked: ApiKey;
  readonly onClose: () => void;
}

/** Asks before a key opens nothing any more. */
export function RevokeKey({ revoked: { id, label, key_prefix: prefix }, onClose }: RevokeKeyProps) {
  const revoke = useChange('keys.revoke', ['keys.list', 'audit.list']);
  const name = label === '' ? prefix : label;
  const onSuccess = (): void => {
    onClose();
    toast.success(`${name} opens nothing any more.`);
  };
  return (
    <ConfirmByName
      isOpen
      onClose={onClose}
      title="Revoke key"
      name={name}
      consequence="Whoever uses it is refused within a second. This cannot be undone; switching it off for a while can."
      isBusy={revoke.isPending}
      error={revoke.error === null ? undefined : failureOf(revoke.error).message}
      onConfirm={() => revoke.mutate({ params: { id } }, { onSuccess })}
    />
  );
}
