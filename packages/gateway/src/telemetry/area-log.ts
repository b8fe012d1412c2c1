import type { AreaFilter } from './debug-areas.ts';
import type { LogFields } from './log-line.ts';
import type { Log } from './log.ts';

/** Tells of what happens in the areas that somebody debugs. */
export interface AreaLog {
  /** Whether an area is to be told of; whoever tells much asks first. */
  wants(area: string): boolean;
  /** Tells of an area that is wanted. */
  tell(area: string, message: string, fields?: LogFields): void;
}

/** Writes to `log`, with the area before the message as in `dynamic-providers:registry registry.refresh`. */
export const createAreaLog = (filter: AreaFilter, log: Pick<Log, 'debug'>): AreaLog => ({
  wants: filter,
  tell: (area, message, fields) => {
    if (filter(area)) log.debug(`${area} ${message}`, fields);
  },
});
