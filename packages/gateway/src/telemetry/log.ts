import type { Clock } from '@patchbay/llm/model/clock';

import { jsonLine, prettyLine, type LogFields } from './log-line.ts';

/** Levels from most to least talkative; `silent` writes nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Writes lines for people and machines. Never throws, never waits. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Lines lost because the destination took none for too long. */
  readonly dropped: number;
  /** Offers what waits to the destination, at once. */
  flush(): void;
  /** Flushes and stops; what is logged afterwards is lost. */
  close(): void;
}

/** How a log writes and where. */
export interface LogParts {
  readonly level: LogLevel;
  readonly format: 'pretty' | 'json';
  /** Takes text, or returns false when it cannot take any now; it is then asked again later. */
  readonly write: (text: string) => boolean;
  readonly clock: Clock;
}

const RANK: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, silent: 5 };
/** Lines leave together, at most this much later, in milliseconds. */
const FLUSH_MS = 100;
/** Lines leave earlier when they are this many characters together. */
const BATCH = 64 * 1024;
/** Text that waits for a slow destination, in characters (8 MiB); what comes on top is dropped and counted. */
const WAITING_MAX = 4 * 1024 * 1024;

/** Makes a log whose lines are written in batches and hold nothing that looks like a credential. */
export function createLog(parts: LogParts): Log {
  const rank = RANK[parts.level];
  const batch = new Batch(parts.write);
  const format = parts.format === 'json' ? jsonLine : prettyLine;
  const lineOf = (level: string, message: string, fields: LogFields): string => {
    const nowMs = parts.clock.nowMs();
    try {
      return format({ nowMs, level, message, fields });
    } catch (error) {
      // A getter or a `toJSON` of the caller's threw.
      return format({ nowMs, level, message, fields: { unreadable: error instanceof Error ? error.name : 'fields' } });
    }
  };
  const flush = (): void => {
    const lost = batch.send();
    if (lost > 0 && rank < RANK.silent) batch.add(lineOf('warn', 'log lines were lost', { lines: lost }));
  };
  const stop = parts.clock.every(FLUSH_MS, flush);
  const at =
    (level: Exclude<LogLevel, 'trace' | 'silent'>) =>
    (message: string, fields: LogFields = {}): void => {
      if (RANK[level] < rank) return;
      if (!batch.hasRoom()) batch.dropped += 1;
      else if (batch.add(lineOf(level, message, fields))) flush();
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    get dropped() {
      return batch.dropped;
    },
    flush,
    close() {
      stop();
      flush();
    },
  };
}

/** Lines on their way to the destination. */
class Batch {
  /** Lines that found no room. */
  dropped = 0;
  readonly #write: (text: string) => boolean;
  #text = '';
  #refused = false;
  #droppedBefore = 0;

  constructor(write: (text: string) => boolean) {
    this.#write = write;
  }

  hasRoom(): boolean {
    return this.#text.length < WAITING_MAX;
  }

  /** True when it is time to send; a destination that refused is left alone until the next flush. */
  add(line: string): boolean {
    this.#text += line;
    return this.#text.length >= BATCH && !this.#refused;
  }

  /** Offers everything; returns how many lines were dropped since the destination last took something. */
  send(): number {
    if (this.#text === '') return 0;
    this.#refused = !this.#taken();
    if (this.#refused) return 0;
    this.#text = '';
    const lost = this.dropped - this.#droppedBefore;
    this.#droppedBefore = this.dropped;
    return lost;
  }

  #taken(): boolean {
    try {
      return this.#write(this.#text);
    } catch {
      // A broken destination is a slow one: lines wait, then they are counted as lost.
      return false;
    }
  }
}
