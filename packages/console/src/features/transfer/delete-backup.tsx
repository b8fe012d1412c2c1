import type { Backup } from '@patchbay/contract/resources/transfer';
import { toast } from 'sonner';

import { ConfirmByName } from '../../components/ui/dialog.tsx';
import { useChange } from '../../lib/use-api.ts';
import { nameOf } from './words.ts';

export interface DeleteBackupProps {
  readonly backup: Backup;
  readonly onClose: () => void;
}

/** Asks before a backup goes. */
export function DeleteBackup({ backup, onClose }: DeleteBackupProps) {
  const remove = useChange('backups.delete', ['backups.list', 'audit.list']);
  const name = nameOf(backup);
  const onSuccess = (): void => {
    onClose();
    toast.success(`Backup ${name} was deleted.`);
  };
  return (
    <ConfirmByName
      onClose={onClose}
      title="Delete backup"
      name={name}
      consequence="Its file is removed, and there is no other. This cannot be undone: download it first if in doubt."
      change={remove}
      onConfirm={() => remove.mutate({ params: { id: backup.id } }, { onSuccess })}
    />
  );
}
