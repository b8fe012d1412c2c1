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
  readonly clock: Clock;
}

/** Opens the log with its file, where one is wanted, and what tells of areas that are debugged. */
export function openLog({ settings, stdout, stderr, clock }: OpenLogParts): OpenedLog {
  const { folder, ...written } = settings.log;
  const lines = recentLines();
  const file =
    folder === undefined
      ? undefined
      : fileDestination({
          folder,
          // A folder that cannot be made is told of before there is a log.
          onError: (error) =>
            queueMicrotask(() => log.error('LOG_DIR cannot be written, the log goes on without it', { folder, error })),
        });
  const others = [
    (text: string) => lines.add(text),
    ...(file === undefined ? [] : [(text: string) => file.write(text)]),
  ];
  const log = createLog({ ...written, write: teeDestination(streamDestination(stdout), others), clock });
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
