/** Readable forms of numbers, money, times and sizes, each with the exact form that a tooltip shows. */
export interface Shown {
  readonly text: string;
  /** The whole value; absent where `text` is it already. */
  readonly exact?: string;
}

const NONE: Shown = { text: '–' };
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
const STEPS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A count: `842`, `12.4k`, `3.18M`; exact: `12,431`. */
export function showCount(value: number | undefined | null): Shown {
  if (value === undefined || value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const exact = grouped.format(value);
  // Rounding must not leave a thousand of one unit where there is a larger one.
  const step = STEPS.find(([unit]) => size >= unit * (unit === 1e3 ? 10 : 0.9995));
  if (step === undefined || size < 10_000) return { text: exact };
  const [unit, name] = step;
  return { text: `${significant(value / unit)}${name}`, exact };
}

/** Three digits that count. */
const significant = (value: number): string => String(Number(value.toPrecision(3)));

const NANO_PER_USD = 1e9;

/** US dollars from billionths: `$0`, `$12.40`, `$0.0031`, `<$0.0001`; exact to the nano-dollar. */
export function showNanoUsd(nano: number | bigint | undefined | null): Shown {
  if (nano === undefined || nano === null) return NONE;
  const whole = BigInt(nano);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '').padEnd(2, '0');
  const exact = `${whole < 0n ? '-' : ''}$${grouped.format(BigInt(digits.slice(0, -9)))}.${fraction}`;
  const text = shortUsd(Number(whole) / NANO_PER_USD);
  return text === exact ? { text } : { text, exact };
}

/** US dollars as the management answers them. */
export const showUsd = (usd: number | undefined | null): Shown =>
  usd === undefined || usd === null || !Number.isFinite(usd)
    ? NONE
    : showNanoUsd(BigInt(Math.round(usd * NANO_PER_USD)));

function shortUsd(usd: number): string {
  const size = Math.abs(usd);
  const sign = usd < 0 ? '-' : '';
  if (size === 0) return '$0';
  if (size < 0.0001) return `${sign}<$0.0001`;
  if (size < 0.1) return `${sign}$${Number(size.toPrecision(2))}`;
  if (size < 10_000)
    return `${sign}$${size.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  return `${sign}$${showCount(size).text}`;
}

/** A span in milliseconds: `820 µs`, `342 ms`, `4.21 s`, `3 m 12 s`, `5 h 2 m`, `4 d 3 h`. */
export function showDuration(ms: number | undefined | null): Shown {
  if (ms === undefined || ms === null || !Number.isFinite(ms)) return NONE;
  const exact = `${grouped.format(ms)} ms`;
  const text = shortDuration(ms);
  return text === exact ? { text } : { text, exact };
}

function shortDuration(ms: number): string {
  if (ms < 0) return `-${shortDuration(-ms)}`;
  if (ms > 0 && ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${significant(ms)} ms`;
  if (ms < 59_995) return `${significant(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const units = [
    [seconds / 86_400, 'd'],
    [(seconds % 86_400) / 3600, 'h'],
    [(seconds % 3600) / 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([value]) => value >= 1);
  return units
    .slice(first, first + 2)
    .map(([value, unit]) => [Math.floor(value), unit] as const)
    .filter(([value], at) => at === 0 || value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A size in bytes: `512 B`, `12.4 kB`, `3.1 MB`, in steps of a thousand. */
export function showBytes(bytes: number | undefined | null): Shown {
  if (bytes === undefined || bytes === null || !Number.isFinite(bytes)) return NONE;
  const at = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const text = `${significant(bytes / 1000 ** at)} ${BYTE_UNITS[at]}`;
  return at === 0 ? { text } : { text, exact: `${grouped.format(bytes)} bytes` };
}

/** A share from 0 to 1: `0 %`, `0.4 %`, `99.95 %`. It is 100 % only when nothing is missing. */
export function showShare(share: number | undefined | null): Shown {
  if (share === undefined || share === null || !Number.isFinite(share)) return NONE;
  const percent = share * 100;
  const near = Math.abs(percent - 100) < 1 || percent < 1 ? 2 : 1;
  const step = 10 ** near;
  const nearest = Math.round(percent * step) / step;
  const rounded = percent < 100 && nearest >= 100 ? Math.floor(percent * step) / step : nearest;
  return { text: `${rounded} %`, ...(rounded !== percent && { exact: `${grouped.format(percent)} %` }) };
}

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayTime = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const farDay = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const DAY_MS = 86_400_000;

/** A point in time in the viewer's zone: today by the clock, this year by day and time, else by day. */
export function showTime(at: string | number | undefined | null, nowMs: number): Shown {
  if (at === undefined || at === null) return NONE;
  const date = new Date(at);
  const ms = date.getTime();
  if (Number.isNaN(ms)) return { text: String(at) };
  const exact = exactTime(date);
  if (sameDay(date, new Date(nowMs))) return { text: clockTime.format(date), exact };
  return { text: (Math.abs(nowMs - ms) < 300 * DAY_MS ? dayTime : farDay).format(date), exact };
}

const sameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

/** Local time to the millisecond with its offset, and the same moment in UTC. */
function exactTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1).replace('T', ' ');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((each) =>
    String(each).padStart(2, '0'),
  );
  return `${local} UTC${offset < 0 ? '−' : '+'}${hours}:${minutes}\n${date.toISOString()}`;
}

/** How long ago, or in how long: `now`, `12 s ago`, `in 5 m`. */
export function showAgo(at: string | number | undefined | null, nowMs: number): Shown {
  if (at === undefined || at === null) return NONE;
  const ms = new Date(at).getTime();
  if (Number.isNaN(ms)) return { text: String(at) };
  const seconds = Math.floor(Math.abs(nowMs - ms) / 1000);
  const exact = exactTime(new Date(ms));
  if (seconds < 2) return { text: 'now', exact };
  const span = (shortDuration(seconds * 1000).match(/^\d+(?:\.\d+)? \S+/) ?? [''])[0].replace(/\.\d+/, '');
  return { text: nowMs >= ms ? `${span} ago` : `in ${span}`, exact };
}
