import { useState } from 'react';

import { failureOf, type Failure } from '../../lib/failure.ts';
import { useChange } from '../../lib/use-api.ts';
import { saveFile, useDownload } from '../../lib/use-download.ts';

/** What goes into the file. */
export interface ExportDraft {
  /** Ids of providers; absent: all of them. */
  readonly chosen: ReadonlySet<string> | undefined;
  readonly withBuiltIn: boolean;
  readonly withModels: boolean;
  readonly withTemplates: boolean;
  readonly withSecrets: boolean;
  readonly passphrase: string;
  readonly format: 'json' | 'yaml';
}

const WHOLE: ExportDraft = {
  chosen: undefined,
  withBuiltIn: true,
  withModels: true,
  withTemplates: true,
  withSecrets: false,
  passphrase: '',
  format: 'json',
};

/** A form and what became of it. */
export interface ExportState {
  readonly draft: ExportDraft;
  readonly set: (change: Partial<ExportDraft>) => void;
  /** True for what can leave in either form. */
  readonly isPlain: boolean;
  readonly format: ExportDraft['format'];
  /** True while no provider is chosen where some shall be. */
  readonly isEmpty: boolean;
  readonly failure: Failure | undefined;
  readonly isPending: boolean;
  readonly submit: () => void;
}

const DAY = 10;

/** Holds what shall be exported, and has the browser keep it. `onDone` is told the name of the file. */
export function useExport(onDone: (name: string) => void): ExportState {
  const [draft, setDraft] = useState(WHOLE);
  const { chosen, withBuiltIn, withModels, withTemplates, withSecrets, passphrase } = draft;
  const isPlain = chosen === undefined && !withSecrets;
  const format = isPlain ? draft.format : 'json';
  const whole = useDownload('configuration.download', {
    query: { format, includeModels: withModels, includeTemplates: withTemplates, includeSystemProviders: withBuiltIn },
  });
  const part = useChange('configuration.export', ['audit.list']);
  const doing = isPlain ? whole : part;
  const exportPart = (): void => {
    const body = {
      includeModels: withModels,
      includeTemplates: withTemplates,
      includeSystemProviders: withBuiltIn,
      includeCredentials: withSecrets,
      ...(chosen !== undefined && { providerIds: [...chosen] }),
      ...(withSecrets && passphrase !== '' && { passphrase }),
    };
    part.mutate(
      { body },
      {
        onSuccess: (document) => {
          const name = `providers-${document.metadata.exportedAt.slice(0, DAY)}${withSecrets ? '-sealed' : ''}.json`;
          saveFile(new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' }), name);
          onDone(name);
        },
      },
    );
  };
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    isPlain,
    format,
    isEmpty: chosen?.size === 0,
    failure: doing.error === null ? undefined : failureOf(doing.error),
    isPending: doing.isPending,
    submit: () => (isPlain ? whole.mutate(undefined, { onSuccess: onDone }) : exportPart()),
  };
}
