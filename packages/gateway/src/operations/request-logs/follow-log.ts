import { encodeFrame } from '@patchbay/llm/transport/sse-encode';
import type { Clock } from '@patchbay/llm/model/clock';

import type { CallQuery, CallReader, LoggedCall } from '../../storage/repositories/call-reader.ts';
import { presentLog } from './present-log.ts';

/** What the log is followed with. */
export interface FollowParts {
  readonly calls: CallReader;
  readonly clock: Clock;
}

/** How often the log is looked at, in milliseconds: rows are written four times a second. */
const LOOK_MS = 750;
/** Attempts that one look hands over; more in that time nobody could read. */
const ROWS_MAX = 100;
/** A comment after so much silence, so that nothing on the way takes the connection for dead, in milliseconds. */
const HEARTBEAT_MS = 15_000;
/** A stream then ends and the browser begins another: who may follow is asked again, in milliseconds. */
const LIFE_MS = 600_000;
/** Rows before the newest that are looked at again: where several processes write, ids do not appear in their order. */
const OVERLAP_ROWS = 200;

/**
 * Attempts as they are logged, by any process of the gateway, as frames of an event stream. It reads when it is asked
 * for the next frame: a client that reads slowly is told that it missed some, and holds nothing up.
 */
export async function* followLog(
  { calls, clock }: FollowParts,
  query: Omit<CallQuery, 'limit' | 'beforeId' | 'afterId'>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const endsMs = clock.monotonicMs() + LIFE_MS;
  const [newest] = await calls.page({ limit: 1 });
  let last = newest?.id ?? 0;
  const seen = new Set<number>((await calls.page({ limit: OVERLAP_ROWS })).map(({ id }) => id));
  let silentSinceMs = clock.monotonicMs();
  yield ': following\n\n';
  while (!signal.aborted && clock.monotonicMs() < endsMs) {
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    const rows = await calls.page({ ...query, limit: ROWS_MAX, afterId: last - OVERLAP_ROWS });
    const fresh = rows.filter(({ id }) => !seen.has(id)).toReversed();
    last = Math.max(last, fresh.at(-1)?.id ?? 0);
    remember(seen, fresh, last);
    if (rows.length === ROWS_MAX && fresh.length === ROWS_MAX) yield encodeFrame({ event: 'skipped', data: '{}' });
    for (const row of fresh) yield encodeFrame({ event: 'call', data: JSON.stringify(presentLog(row)) });
    if (fresh.length > 0) silentSinceMs = clock.monotonicMs();
    if (clock.monotonicMs() - silentSinceMs < HEARTBEAT_MS) continue;
    silentSinceMs = clock.monotonicMs();
    yield ': still here\n\n';
  }
}

function remember(seen: Set<number>, fresh: readonly LoggedCall[], last: number): void {
  for (const { id } of fresh) seen.add(id);
  for (const id of seen) if (id < last - OVERLAP_ROWS) seen.delete(id);
}
