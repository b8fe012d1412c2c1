import type { Backup } from '@patchbay/contract/resources/transfer';
import { useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { ConfirmField, isConfirmed } from '../../components/ui/confirm-field.tsx';
import { Dialog } from '../../components/ui/dialog.tsx';
import { showTime } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { OutcomeList } from './outcome-list.tsx';
import { Passphrase } from './passphrase.tsx';
import { Tick } from './tick.tsx';
import { TrialFailure } from './trial-failure.tsx';
import { useTrial } from './use-trial.ts';
import { nameOf } from './words.ts';

export interface RestoreProps {
  readonly backup: Backup;
  readonly onClose: () => void;
}

const NEW = { overwrites: true, withSecrets: true, passphrase: '', keepsBackup: true };

/** Brings a backup back: what that would change is seen first, and confirmed by the backup's name. */
export function Restore({ backup, onClose }: RestoreProps) {
  const [draft, setDraft] = useState(NEW);
  const [written, setWritten] = useState('');
  const api = useApi();
  const trial = useTrial(async (dryRun) => {
    if (!dryRun && draft.keepsBackup) await api.call('backups.create', { body: {} });
    return api.call('backups.restore', { body: { backupId: backup.id, options: { ...optionsOf(draft), dryRun } } });
  });
  const set = (change: Partial<typeof NEW>): void => {
    setDraft((before) => ({ ...before, ...change }));
    // Whether a copy is kept changes nothing of what would be brought back.
    if (Object.keys(change).some((each) => each !== 'keepsBackup')) trial.reset();
  };
  const name = nameOf(backup);
  if (trial.result !== undefined)
    return (
      <Dialog
        isOpen
        onClose={onClose}
        size="lg"
        title={`Backup ${name} was restored`}
        footer={<Button onClick={onClose}>Close</Button>}
      >
        <OutcomeList result={trial.result} isTrial={false} />
      </Dialog>
    );
  const isGood = trial.preview?.success === true;
  return (
    <FormDialog
      onClose={onClose}
      size="lg"
      title="Restore backup"
      description={`Of ${showTime(backup.createdAt, Date.now()).text}. What is not in it stays as it is.`}
      submitLabel={isGood ? 'Restore' : 'Preview the changes'}
      isBusy={trial.isPending}
      isBlocked={isGood && !isConfirmed(written, name)}
      onSubmit={() => (!isGood || isConfirmed(written, name)) && trial.submit()}
    >
      <Options backup={backup} draft={draft} error={trial.failure?.fields[PASSPHRASE]} onChange={set} />
      <TrialFailure failure={trial.failure} shownBeside={PASSPHRASE} />
      {trial.preview !== undefined && (
        <div className="sm:col-span-2">
          <OutcomeList result={trial.preview} isTrial />
        </div>
      )}
      {isGood && <ConfirmField name={name} written={written} onChange={setWritten} className="sm:col-span-2" />}
    </FormDialog>
  );
}

const PASSPHRASE = 'options.decryptionKey';

const optionsOf = ({ overwrites, withSecrets, passphrase }: typeof NEW) => ({
  overwriteExisting: overwrites,
  restoreCredentials: withSecrets,
  ...(passphrase !== '' && { decryptionKey: passphrase }),
});

interface OptionsProps {
  readonly backup: Backup;
  readonly draft: typeof NEW;
  /** What is wrong with the passphrase. */
  readonly error: string | undefined;
  readonly onChange: (change: Partial<typeof NEW>) => void;
}

const Options = ({ backup: { encrypted, contents }, draft, error, onChange }: OptionsProps) => (
  <div className="grid gap-3 sm:col-span-2">
    <Tick
      label="Change what is there already"
      hint="Otherwise only what has gone is brought back."
      value={draft.overwrites}
      onChange={(overwrites) => onChange({ overwrites })}
    />
    <Tick
      label="Make a backup first"
      hint="It undoes what restoring changes; what restoring adds stays until you delete it."
      value={draft.keepsBackup}
      onChange={(keepsBackup) => onChange({ keepsBackup })}
    />
    {contents.credentials && (
      <Tick
        label="Its secrets, too"
        hint="Otherwise those stay that are there."
        value={draft.withSecrets}
        onChange={(withSecrets) => onChange({ withSecrets })}
      />
    )}
    {(encrypted || contents.credentials) && (
      <Passphrase
        hint="The one that it was made with."
        value={draft.passphrase}
        onChange={(passphrase) => onChange({ passphrase })}
        error={error}
      />
    )}
  </div>
);
