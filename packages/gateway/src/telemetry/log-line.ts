import { redactMember } from '@patchbay/llm/transport/redact-text';

/** What a line says besides its message. Objects are written as JSON, errors with their stack. */
export type LogFields = Readonly<Record<string, unknown>> & {
  readonly time?: never;
  readonly level?: never;
  readonly message?: never;
};

/** Everything one line is made of; `nowMs` since 1970. */
export interface LogEntry {
  readonly nowMs: number;
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** Longest text of one value, in characters; longer ones are cut. */
const TEXT_MAX = 16 * 1024;
/** Values and levels that one field may have; what is beyond is left out, so that cycles and giants end. */
const PARTS_MAX = 500;
const DEPTH_MAX = 6;
const CAUSES_MAX = 5;

/** Characters that JSON may hold raw but that move a terminal's cursor, end a line or turn the direction of text. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (line: string): string =>
  line.replace(UNSAFE, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** One line of JSON: `{"time":…,"level":…,"message":…,…fields}`. */
export function jsonLine({ nowMs, level, message, fields }: LogEntry): string {
  let line = `{"time":"${new Date(nowMs).toISOString()}","level":"${level}","message":${textOf(MESSAGE, message)}`;
  for (const name in fields) {
    const value = fields[name];
    const field = knownField(name);
    const json = typeof value === 'string' ? textOf(field, value) : written(name, value);
    if (json !== undefined) line += field.lead + json;
  }
  return `${line}}\n`;
}

/** How lines begin a field, and the last of its texts that had no secret in it, with its JSON. */
interface Field {
  readonly name: string;
  readonly lead: string;
  text: string | undefined;
  json: string;
}

/** Fields by name: the same few come with every call, and most of them say what they said in the line before. */
const knownFields = new Map<string, Field>();
const KNOWN_FIELDS_MAX = 200;
const REMEMBERED_TEXT_MAX = 200;

const newField = (name: string): Field => ({
  name,
  lead: `,${escaped(JSON.stringify(name))}:`,
  text: undefined,
  json: '',
});

/** The message is named by nobody. */
const MESSAGE = newField('');

function knownField(name: string): Field {
  const known = knownFields.get(name);
  if (known !== undefined) return known;
  const field = newField(name);
  if (knownFields.size < KNOWN_FIELDS_MAX) knownFields.set(name, field);
  return field;
}

function textOf(field: Field, text: string): string {
  if (text === field.text) return field.json;
  const safe = clean(text, field.name);
  const json = escaped(JSON.stringify(safe));
  if (safe === text && text.length <= REMEMBERED_TEXT_MAX) {
    field.text = text;
    field.json = json;
  }
  return json;
}

/** One line for people: `12:03:04.123 info  message  name=value`. */
export function prettyLine({ nowMs, level, message, fields }: LogEntry): string {
  let line = `${new Date(nowMs).toISOString().slice(11, 23)} ${level.padEnd(5)} ${visible(clean(message))}`;
  let gap = '  ';
  for (const name in fields) {
    const value = written(name, fields[name]);
    if (value === undefined) continue;
    line += `${gap}${visible(name)}=${/^"[\w./:@+-]+"$/.test(value) ? value.slice(1, -1) : value}`;
    gap = ' ';
  }
  return `${escaped(line)}\n`;
}

/** A field as JSON; undefined for what has no value. */
function written(name: string, value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(clean(value, name));
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return String(value);
  // JSON has no word for a function; the types of `stringify` do not know.
  const json = JSON.stringify(plain(name, value, { parts: PARTS_MAX }, 0)) as string | undefined;
  return json && escaped(json);
}

/** `value` made of what JSON has, each text of it clean. */
function plain(name: string, value: unknown, left: { parts: number }, depth: number): unknown {
  if (typeof value === 'string') return clean(value, name);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Error) return clean(told(value, CAUSES_MAX), name);
  if (typeof value !== 'object' || value === null) return value;
  left.parts -= 1;
  if (left.parts < 0 || depth > DEPTH_MAX) return '[more]';
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return plain(name, value.toJSON(name), left, depth + 1);
  }
  if (Array.isArray(value)) return value.slice(0, PARTS_MAX).map((each) => plain(name, each, left, depth + 1));
  const members = Object.entries(value).slice(0, PARTS_MAX);
  return Object.fromEntries(members.map(([key, each]) => [clean(key), plain(key, each, left, depth + 1)]));
}

/** Errors say nothing as JSON; their stacks do. */
function told(error: Error, causes: number): string {
  const cause = causes > 0 && error.cause instanceof Error ? `; caused by ${told(error.cause, causes - 1)}` : '';
  return `${error.stack ?? String(error)}${cause}`;
}

function clean(text: string, name = ''): string {
  const safe = redactMember(name, text);
  // Cut afterwards: half a credential would not be recognized.
  return safe.length > TEXT_MAX ? `${safe.slice(0, TEXT_MAX)}… (${safe.length - TEXT_MAX} more characters)` : safe;
}

/** A caller's text must neither start a line of its own nor steer a terminal. */
const visible = (text: string): string => (/\p{Cc}/u.test(text) ? JSON.stringify(text).slice(1, -1) : text);
