import { EVENT_TTL_MS, EVENTS_MAX, type EventLog, type LoggedEvent } from '../event-log.ts';

/** Events of this process. `nowMs` tells the time since 1970. */
export function memoryEventLog(nowMs: () => number): EventLog {
  const times = new Map<string, number>();
  return {
    add({ atMs, text }) {
      times.set(text, atMs);
      // Twice as many as are kept, so that they are sorted out once in a while and not at each addition.
      if (times.size < 2 * EVENTS_MAX) return;
      const kept = new Set(newestFirst(times, nowMs(), EVENTS_MAX).map((event) => event.text));
      for (const each of times.keys()) if (!kept.has(each)) times.delete(each);
    },
    recent: (limit) => Promise.resolve(newestFirst(times, nowMs(), Math.min(limit, EVENTS_MAX))),
  };
}

const newestFirst = (times: ReadonlyMap<string, number>, nowMs: number, limit: number): readonly LoggedEvent[] =>
  [...times]
    .map(([text, atMs]) => ({ text, atMs }))
    .filter(({ atMs }) => atMs > nowMs - EVENT_TTL_MS)
    .toSorted((a, b) => b.atMs - a.atMs)
    .slice(0, limit);
