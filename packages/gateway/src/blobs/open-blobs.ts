import nodePath from 'node:path';

import type { Clock } from '@patchbay/llm/model/clock';

import type { BlobSettings } from '../config/generation-settings.ts';
import type { AskStorage, BlobStore, FileKind } from './blob-store.ts';
import { localBlobs } from './local.ts';
import { s3Blobs } from './s3.ts';
import { supabaseBlobs } from './supabase.ts';

export interface BlobParts {
  readonly settings: BlobSettings;
  /** Holds the folders of files where no other is named. */
  readonly dataDir: string;
  readonly ask: AskStorage;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** The store that the settings name, for files of one kind. */
export function openBlobs({ settings, dataDir, ask, clock }: BlobParts, kind: FileKind): BlobStore {
  switch (settings.kind) {
    case 'supabase':
      return supabaseBlobs(settings, kind, ask);
    case 's3':
      return s3Blobs(settings, kind, { ask, clock });
    case 'local':
      return localBlobs(nodePath.join(settings.folder ?? nodePath.join(dataDir, 'static'), kind.folder), kind);
  }
}

/** Addresses that storing needs, for the guarded way out: the operator named them. */
export const blobOrigins = (settings: BlobSettings): readonly string[] =>
  settings.kind === 'supabase' ? [settings.url] : settings.kind === 's3' ? [settings.endpoint] : [];
