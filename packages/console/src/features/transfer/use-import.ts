import { useState } from 'react';

import { useApi } from '../../lib/use-api.ts';
import { useTrial, type Trial } from './use-trial.ts';
import type { Resolution } from './words.ts';

/** What is brought in, and how. */
export interface ImportDraft {
  readonly file: { readonly name: string; readonly text: string } | undefined;
  readonly resolution: Resolution;
  readonly withModels: boolean;
  readonly withTemplates: boolean;
  /** Opens the secrets of the file. */
  readonly passphrase: string;
  /** Keeps a copy of what is there before. */
  readonly keepsBackup: boolean;
}

const NEW: ImportDraft = {
  file: undefined,
  resolution: 'merge',
  withModels: true,
  withTemplates: true,
  passphrase: '',
  keepsBackup: true,
};

/** A form and what became of it. */
export interface ImportState {
  readonly draft: ImportDraft;
  /** What was tried is another afterwards, and has to be tried anew. */
  readonly set: (change: Partial<ImportDraft>) => void;
  readonly trial: Trial;
  /** Begins with another file. */
  readonly again: () => void;
}

/** Holds a file and how to bring it in; tries it first, and then does it. */
export function useImport(): ImportState {
  const [draft, setDraft] = useState(NEW);
  const api = useApi();
  const trial = useTrial(async (isTrial) => {
    if (!isTrial && draft.keepsBackup) await api.call('backups.create', { body: {} });
    return api.call('configuration.import', { body: bodyOf(draft, isTrial) });
  });
  return {
    draft,
    set: (change) => {
      setDraft((before) => ({ ...before, ...change }));
      // Whether a copy is kept changes nothing of what would be brought in.
      if (Object.keys(change).some((each) => each !== 'keepsBackup')) trial.reset();
    },
    trial,
    again: () => {
      setDraft(NEW);
      trial.reset();
    },
  };
}

const bodyOf = ({ file, resolution, withModels, withTemplates, passphrase }: ImportDraft, dryRun: boolean) => ({
  data: file?.text ?? '',
  options: {
    conflictResolution: resolution,
    dryRun,
    importModels: withModels,
    importTemplates: withTemplates,
    format: /\.ya?ml$/i.test(file?.name ?? '') ? ('yaml' as const) : ('json' as const),
    ...(passphrase !== '' && { passphrase }),
  },
});
