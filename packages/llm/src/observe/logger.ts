import { redactMember, redactText } from '../transport/redact-text.ts';

/** How much a line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Facts of a line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where lines go: `console` fits, and so do most loggers when wrapped, e.g. `{ info: (text, fields) => pino.info(fields, text) }`. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields: LogFields) => void>>;

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** How lines are written. */
export interface LogOptions {
  readonly logger: Logger;
  /** The least level that is written. Default `info`. */
  readonly level?: LogLevel;
}

/** Writes a line of this level, its texts without credentials, or nothing at all. */
export type WriteLine = (level: LogLevel, message: string, fields: LogFields) => void;

/** The only way to a logger: everything that passes loses whatever looks like a credential. */
export const safeLines =
  ({ logger, level: least = 'info' }: LogOptions): WriteLine =>
  (level, message, fields) => {
    if (RANK[level] >= RANK[least]) logger[level](redactText(message), redactFields(fields));
  };

/** Deeper than this nothing of ours goes; what does is cut off, so that no circle is endless. */
const DEPTH_MAX = 8;

const redactFields = (fields: LogFields, depth = 0): LogFields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactValue(name, value, depth)]));

function redactValue(name: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactMember(name, value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (depth >= DEPTH_MAX) return '[deep]';
  if (Array.isArray(value)) return value.map((each) => redactValue(name, each, depth + 1));
  if (value instanceof Error) return redactText(`${value.name}: ${value.message}`);
  return redactFields(value as LogFields, depth + 1);
}
