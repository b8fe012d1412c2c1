import { accessSync, constants } from 'node:fs';
import type { Writable } from 'node:stream';

import type { Clock } from '@patchbay/llm/model/clock';

import type { Settings } from '../config/settings.ts';
import { createAreaLog, type AreaLog } from './area-log.ts';
import { areaFilter } from './debug-areas.ts';
import { fileDestination } from './file-destination.ts';
import { createLog, type Log } from './log.ts';
import { recentLines, type RecentLines } from './recent-lines.ts';
import { streamDestination } from './stream-destination.ts';
import { teeDestination } from './tee-destination.ts';

/** Where lines go besides the log itself. */
export interface OpenedLog {
  readonly log: Log;
  /** The newest lines, for support bundles. */
  readonly lines: RecentLines;
  /** Absent where nobody debugs. */
  readonly areas?: AreaLog;
  /** Writes what waits. */
  close(): Promise<void>;
}

export interface OpenLogParts {
  readonly settings: Pick<Settings, 'log' | 'debug'>;
  readonly stdout: Writable;
  /** Areas that are debugged are told of here, so that they can be parted from the log. */
  readonly stderr: Writable;
  /** Where guides look for the log: used where nothing is said of a folder and this one can be written. */
  readonly usualFolder?: string;
  readonly clock: Clock;
}

const USUAL_FOLDER = '/var/log/prompt-library';

/** Opens the log with its file, where one is wanted, and what tells of areas that are debugged. */
export function openLog(parts: OpenLogParts): OpenedLog {
  const { settings, stdout, stderr, clock, usualFolder = USUAL_FOLDER } = parts;
  const { folder = writable(usualFolder), ...written } = settings.log;
  const lines = recentLines();
  const others = [(text: string) => lines.add(text)];
  const log = createLog({ ...written, write: teeDestination(streamDestination(stdout), others), clock });
  const onError = (error: unknown): void =>
    log.error('LOG_DIR cannot be written, the log goes on without it', { folder, error });
  const file = folder === undefined ? undefined : fileDestination({ folder, onError });
  if (file !== undefined) others.push((text) => file.write(text));
  const filter = areaFilter(settings.debug.areas);
  const debug =
    filter &&
    createLog({ ...written, level: 'debug', write: teeDestination(streamDestination(stderr), others), clock });
  return {
    log,
    lines,
    ...(filter && debug && { areas: createAreaLog(filter, debug) }),
    close: async () => {
      debug?.close();
      log.close();
      await file?.close();
    },
  };
}

/** The folder where it is there and can be written. */
function writable(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return undefined;
  }
}
