import type { Backup } from '@patchbay/contract/resources/transfer';
import { Archive, Plus } from 'lucide-react';
import { useState } from 'react';

import { Badge } from '../../components/ui/badge.tsx';
import { Button } from '../../components/ui/button.tsx';
import { DataTable, type Column } from '../../components/ui/data-table.tsx';
import { EmptyState } from '../../components/ui/states.tsx';
import { Bytes, Num, Time } from '../../components/ui/values.tsx';
import { useActions } from '../../lib/use-actions.ts';
import { useSlices, type Slices } from '../../lib/use-api.ts';
import { BackupMenu } from './backup-menu.tsx';
import { DeleteBackup } from './delete-backup.tsx';
import { MakeBackup } from './make-backup.tsx';
import { Restore } from './restore.tsx';
import { nameOf } from './words.ts';

const PAGE_ROWS = 50;

const COLUMNS: readonly Column<Backup>[] = [
  {
    id: 'made',
    header: 'Made',
    width: 170,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'name',
    header: 'Name',
    width: 110,
    cell: (backup) => <span className="font-mono text-xs">{nameOf(backup)}</span>,
  },
  {
    id: 'holds',
    header: 'Holds',
    width: 260,
    grows: true,
    onPhones: false,
    cell: ({ contents: { providers, models, templates } }) => (
      <span className="text-ink-2">
        <Num value={providers} /> providers, <Num value={models} /> models, <Num value={templates} /> templates
      </span>
    ),
  },
  {
    id: 'kind',
    header: 'Secrets',
    width: 180,
    onPhones: false,
    cell: ({ encrypted, contents: { credentials } }) => (
      <span className="flex gap-1.5">
        <Badge tone={credentials ? 'warn' : 'neutral'}>{credentials ? 'sealed' : 'without'}</Badge>
        {encrypted && <Badge tone="accent">encrypted</Badge>}
      </span>
    ),
  },
  { id: 'by', header: 'By', width: 130, onPhones: false, cell: ({ createdBy }) => <bdi>{createdBy}</bdi> },
  { id: 'size', header: 'Size', width: 90, align: 'end', onPhones: false, cell: ({ size }) => <Bytes value={size} /> },
];

/** What is being done. */
type Doing = { readonly what: 'make' } | { readonly what: 'restore' | 'delete'; readonly backup: Backup };

/** Kept copies of the configuration, the newest first. */
export function Backups() {
  const [doing, setDoing] = useState<Doing>();
  const slices = useBackups();
  const make = (): void => setDoing({ what: 'make' });
  useActions([{ id: 'make-backup', label: 'Make a backup', run: make }]);
  const menu = (backup: Backup) => (
    <BackupMenu
      backup={backup}
      onRestore={() => setDoing({ what: 'restore', backup })}
      onDelete={() => setDoing({ what: 'delete', backup })}
    />
  );
  const button = (
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={make}>
      Make a backup
    </Button>
  );
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-sm text-ink-2">
          They lie in the data folder of the gateway. Users, keys, accounts and logs are not in them: back the database
          up for those.
        </p>
        {slices.rows.length > 0 && button}
      </div>
      <div className="grid max-h-[60vh]">
        <DataTable
          label="Backups"
          columns={[...COLUMNS, { id: 'menu', header: '', width: 60, cell: menu }]}
          slices={slices}
          rowId={({ id }) => id}
          empty={
            <EmptyState icon={Archive} title="No backups yet" action={button}>
              A backup keeps providers, models and templates as they are now.
            </EmptyState>
          }
        />
      </div>
      <Dialogs doing={doing} onClose={() => setDoing(undefined)} />
    </div>
  );
}

function Dialogs({ doing, onClose }: { readonly doing: Doing | undefined; readonly onClose: () => void }) {
  if (doing === undefined) return null;
  if (doing.what === 'make') return <MakeBackup onClose={onClose} />;
  if (doing.what === 'restore') return <Restore backup={doing.backup} onClose={onClose} />;
  return <DeleteBackup backup={doing.backup} onClose={onClose} />;
}

const useBackups = (): Slices<Backup> =>
  useSlices(
    'backups.list',
    {},
    {
      first: 0,
      input: (offset) => ({ query: { limit: PAGE_ROWS, offset } }),
      rows: ({ backups }) => backups,
      next: ({ total }, offset) => (offset + PAGE_ROWS < total ? offset + PAGE_ROWS : undefined),
    },
  );
