import { EVENT_TTL_MS, EVENTS_MAX, type EventLog, type LoggedEvent } from '../event-log.ts';
import type { RedisLink } from './link.ts';

/** A log whose events are sent together. */
export interface RedisEventLog extends EventLog {
  /** Sends what was added. While Redis is away it is kept and sent later. */
  flush(): Promise<void>;
}

/** Events in a sorted set by their time; `local` has those of this process for when Redis is away. */
export function redisEventLog(link: RedisLink, key: string, local: EventLog): RedisEventLog {
  let added: LoggedEvent[] = [];
  const keep = (events: readonly LoggedEvent[]): void => {
    added = [...events, ...added].slice(-EVENTS_MAX);
  };
  return {
    add(event) {
      local.add(event);
      if (added.push(event) >= 2 * EVENTS_MAX) keep([]);
    },
    async flush() {
      const batch = added;
      if (batch.length === 0) return;
      added = [];
      const overMs = link.nowMs() - EVENT_TTL_MS;
      const commands = [
        ['ZADD', key, ...batch.flatMap(({ atMs, text }) => [String(atMs), text])],
        ['ZREMRANGEBYSCORE', key, '-inf', String(overMs)],
        ['ZREMRANGEBYRANK', key, '0', String(-EVENTS_MAX - 1)],
        ['PEXPIRE', key, String(EVENT_TTL_MS)],
      ];
      await link.ask(
        async (connection) => {
          await Promise.all(commands.map((command) => connection.send(command)));
        },
        (wasSent) => {
          if (!wasSent) keep(batch);
        },
      );
    },
    recent: (limit) =>
      link.ask(
        async (connection) => {
          const range = ['(' + String(link.nowMs() - EVENT_TTL_MS), '+inf'].toReversed();
          const command = ['ZRANGE', key, ...range, 'BYSCORE', 'REV', 'LIMIT', '0', String(limit), 'WITHSCORES'];
          return eventsOf(await connection.send(command));
        },
        () => local.recent(limit),
      ),
  };
}

/** A raw reply has pairs of text and score. */
const eventsOf = (reply: unknown): readonly LoggedEvent[] =>
  (reply as readonly (readonly [string, number | string])[]).map(([text, atMs]) => ({ text, atMs: Number(atMs) }));
