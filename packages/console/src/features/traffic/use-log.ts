import type { RequestLog } from '@patchbay/contract/resources/request-log';
import { useMemo, useState } from 'react';

import { useSlices, type Slices } from '../../lib/use-api.ts';
import { useLiveCalls } from '../../lib/use-live-calls.ts';
import type { LiveState } from '../../lib/use-live.ts';
import type { LogFilters } from './filters.ts';

/** Rows of the first answer, which should be there at once, and of those that follow while one scrolls. */
const FIRST_ROWS = 100;
const NEXT_ROWS = 1000;

/** The log with what has ended since it was read. */
export interface GrowingLog extends Slices<RequestLog> {
  readonly state: LiveState;
  /** Calls that wait to be shown, because showing them would move what one looks at. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  readonly hasSkipped: boolean;
}

/** Reads the log by filters. `isLive`: it grows by itself; `isHeld`: what is new waits. */
export function useLog(
  filters: LogFilters,
  { isLive, isHeld }: { readonly isLive: boolean; readonly isHeld: boolean },
) {
  const slices = useSlices('requestLogs.list', filters, {
    first: undefined as string | undefined,
    input: (before) => ({
      query: {
        ...filters,
        limit: before === undefined ? FIRST_ROWS : NEXT_ROWS,
        ...(before !== undefined && { before }),
      },
    }),
    rows: ({ logs }) => logs,
    next: ({ next }) => next,
  });
  const live = useLiveCalls(isLive ? filters : undefined);
  const shownLive = useHeld(live.calls, isHeld);
  const rows = useMemo(() => merged(shownLive.calls, slices.rows), [shownLive.calls, slices.rows]);
  const log: GrowingLog = {
    ...slices,
    rows,
    state: live.state,
    waiting: live.calls.length - shownLive.calls.length,
    showWaiting: shownLive.release,
    hasSkipped: live.hasSkipped,
  };
  return log;
}

/** Calls up to the newest that may be shown: all of them, or those that were there when it was first held. */
function useHeld(calls: readonly RequestLog[], isHeld: boolean) {
  const newest = calls[0]?.id;
  const [last, setLast] = useState<RequestLog['id']>();
  if (!isHeld && last !== newest) setLast(newest);
  const at = calls.findIndex(({ id }) => id === last);
  const shown = useMemo(() => (at < 0 ? [] : calls.slice(at)), [calls, at]);
  return { calls: isHeld ? shown : calls, release: () => setLast(newest) };
}

/** What has come lately may be in the list already, which was read later. */
function merged(live: readonly RequestLog[], rows: readonly RequestLog[]): readonly RequestLog[] {
  if (live.length === 0) return rows;
  const known = new Set(rows.slice(0, NEXT_ROWS).map(({ id }) => id));
  const fresh = live.filter(({ id }) => !known.has(id));
  return fresh.length === 0 ? rows : [...fresh, ...rows];
}
