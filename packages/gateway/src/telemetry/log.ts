import type { Clock } from '@patchbay/llm/model/clock';

import { redactText } from './redact.ts';

/** Levels from most to least talkative; `silent` writes nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What a line says besides its message. Values are written as JSON; errors with their stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines for people and machines. Never throws, never waits. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Lines lost because the destination took none for too long. */
  readonly dropped: number;
  /** Writes what waits, at once. */
  flush(): void;
  close(): void;
}

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
/** Text that waits for a slow destination, in characters; more is dropped and counted. */
const WAITING_MAX = 4 * 1024 * 1024;

/** Makes a log whose lines are written in batches and hold nothing that looks like a credential. */
export function createLog(parts: LogParts): Log {
  const rank = RANK[parts.level];
  const format = parts.format === 'json' ? jsonLine : prettyLine;
  let waiting = '';
  let dropped = 0;
  const flush = (): void => {
    if (waiting === '') return;
    // Once a batch instead of once a line: it is the same text.
    const text = redactText(waiting);
    waiting = parts.write(text) ? '' : text;
  };
  const stop = parts.clock.every(FLUSH_MS, flush);
  const at =
    (level: Exclude<LogLevel, 'trace' | 'silent'>) =>
    (message: string, fields: LogFields = {}): void => {
      if (RANK[level] < rank) return;
      if (waiting.length > WAITING_MAX) dropped += 1;
      else waiting += format(parts.clock.nowMs(), level, message, fields);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    get dropped() {
      return dropped;
    },
    flush,
    close() {
      stop();
      flush();
    },
  };
}

function jsonLine(nowMs: number, level: string, message: string, fields: LogFields): string {
  // Written piece by piece: one object of everything would cost twice as much on a line for every call.
  let line = `{"time":"${new Date(nowMs).toISOString()}","level":"${level}","message":${JSON.stringify(message)}`;
  const told = plain(fields);
  for (const name in told) {
    const value = told[name];
    if (value === undefined) continue;
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
    line += `,"${name}":${text ?? 'null'}`;
  }
  return `${line}}\n`;
}

function prettyLine(nowMs: number, level: string, message: string, fields: LogFields): string {
  const time = new Date(nowMs).toISOString().slice(11, 23);
  const rest = Object.entries(plain(fields)).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`],
  );
  return `${time} ${level.padEnd(5)} ${visible(message)}${rest.length > 0 ? `  ${rest.join(' ')}` : ''}\n`;
}

const quoted = (text: string): string => (/^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text));

/** Control characters escaped: a caller's text must not start a line of its own. */
const visible = (text: string): string => (/\p{Cc}/u.test(text) ? JSON.stringify(text).slice(1, -1) : text);

/** Errors say nothing as JSON; their stacks do. */
function plain(fields: LogFields): LogFields {
  for (const name in fields) if (fields[name] instanceof Error) return withStacks(fields);
  return fields;
}

function withStacks(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? told(value) : value]);
  return Object.fromEntries(entries) as LogFields;
}

function told(error: Error): string {
  const cause = error.cause instanceof Error ? `; caused by ${told(error.cause)}` : '';
  return `${error.stack ?? String(error)}${cause}`;
}
