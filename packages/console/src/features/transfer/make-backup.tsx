import { useState } from 'react';
import { toast } from 'sonner';

import { FormDialog } from '../../components/ui/form-dialog.tsx';
import { FormFailure } from '../../components/ui/form-failure.tsx';
import { failureOf } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { useMay } from '../../lib/use-session.ts';
import { Passphrase } from './passphrase.tsx';
import { Tick } from './tick.tsx';
import { nameOf, PASSPHRASE_HINT } from './words.ts';

const NEW = { withBuiltIn: true, withSecrets: false, isEncrypted: false, passphrase: '' };

/** Asks what a backup shall hold, and makes it. */
export function MakeBackup({ onClose }: { readonly onClose: () => void }) {
  const [draft, setDraft] = useState(NEW);
  const set = (change: Partial<typeof NEW>): void => setDraft((before) => ({ ...before, ...change }));
  const make = useChange('backups.create', ['backups.list', 'audit.list']);
  const failure = make.error === null ? undefined : failureOf(make.error);
  const { withBuiltIn, withSecrets, isEncrypted, passphrase } = draft;
  const needsPassphrase = withSecrets || isEncrypted;
  const submit = (): void => {
    const key = needsPassphrase && passphrase !== '' ? { encryptionKey: passphrase } : {};
    const scope = { includeSystemProviders: withBuiltIn, includeCredentials: withSecrets, encryption: isEncrypted };
    make.mutate(
      { body: { ...scope, ...key } },
      {
        onSuccess: (backup) => {
          toast.success(`Backup ${nameOf(backup)} was made.`);
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      onClose={onClose}
      title="Make a backup"
      description="Providers, models and templates as they are now."
      submitLabel="Make the backup"
      isBusy={make.isPending}
      onSubmit={submit}
    >
      <What draft={draft} onChange={set} error={failure?.fields['encryptionKey']} />
      <FormFailure failure={failure} shownBeside={/^encryptionKey$/} />
    </FormDialog>
  );
}

interface WhatProps {
  readonly draft: typeof NEW;
  readonly onChange: (change: Partial<typeof NEW>) => void;
  /** What is wrong with the passphrase. */
  readonly error: string | undefined;
}

function What({ draft: { withBuiltIn, withSecrets, isEncrypted, passphrase }, onChange, error }: WhatProps) {
  const maySeal = useMay('secrets:export');
  return (
    <div className="grid gap-3 sm:col-span-2">
      <Tick
        label="Built-in providers"
        hint="Those that came with the product, as they are set up here."
        value={withBuiltIn}
        onChange={(isOn) => onChange({ withBuiltIn: isOn })}
      />
      <Tick
        label="Secrets, sealed"
        hint={maySeal ? 'Without them, restoring keeps the secrets that are there then.' : 'Needs secrets:export.'}
        value={withSecrets}
        isDisabled={!maySeal}
        onChange={(isOn) => onChange({ withSecrets: isOn })}
      />
      <Tick
        label="Encrypt the whole file"
        hint="It can then be restored here alone, with its passphrase."
        value={isEncrypted}
        onChange={(isOn) => onChange({ isEncrypted: isOn })}
      />
      {(withSecrets || isEncrypted) && (
        <Passphrase
          isNew
          hint={PASSPHRASE_HINT}
          value={passphrase}
          onChange={(value) => onChange({ passphrase: value })}
          error={error}
        />
      )}
    </div>
  );
}
