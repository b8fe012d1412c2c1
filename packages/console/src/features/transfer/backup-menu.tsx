import type { Backup } from '@patchbay/contract/resources/transfer';
import { ArchiveRestore, Download, Ellipsis, Trash2 } from 'lucide-react';
import { toast } from 'sonner';

import { Button } from '../../components/ui/button.tsx';
import { Menu } from '../../components/ui/menu.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useDownload } from '../../lib/use-download.ts';
import { useMay } from '../../lib/use-session.ts';
import { nameOf } from './words.ts';

export interface BackupMenuProps {
  readonly backup: Backup;
  readonly onRestore: () => void;
  readonly onDelete: () => void;
}

/** What can be done with one backup. */
export function BackupMenu({ backup, onRestore, onDelete }: BackupMenuProps) {
  const download = useDownload('backups.download', { params: { id: backup.id } });
  const mayRestore = useMay('configuration:import');
  const keep = (): void =>
    download.mutate(undefined, {
      onSuccess: (name) => toast.success(`${name} was downloaded.`),
      onError: (error) => toast.error(failureOf(error).message),
    });
  return (
    <Menu
      heading={`Backup ${nameOf(backup)}`}
      groups={[
        [
          { label: 'Download', icon: <Download aria-hidden />, onSelect: keep },
          ...(mayRestore ? [{ label: 'Restore…', icon: <ArchiveRestore aria-hidden />, onSelect: onRestore }] : []),
        ],
        ...(mayRestore
          ? [[{ label: 'Delete…', icon: <Trash2 aria-hidden />, isDanger: true, onSelect: onDelete }]]
          : []),
      ]}
      trigger={
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`What to do with backup ${nameOf(backup)}`}
          isBusy={download.isPending}
          icon={<Ellipsis aria-hidden />}
        />
      }
    />
  );
}
