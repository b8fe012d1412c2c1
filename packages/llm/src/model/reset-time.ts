/**
 * The time that a provider names for the end of a window, in milliseconds since 1970: RFC 3339, a number of seconds from now
 * or since 1970, of milliseconds since 1970, or a duration such as `6m0s` or `120ms` from `nowMs`. What makes no sense is
 * absent.
 */
export function resetTime(value: string, nowMs: number): number | undefined {
  const atMs = DATE_TIME.test(value) ? Date.parse(value) : numberOrDuration(value, nowMs);
  return Number.isFinite(atMs) && atMs - nowMs <= WINDOW_MAX_MS ? atMs : undefined;
}

function numberOrDuration(value: string, nowMs: number): number {
  if (!/^\d+(?:\.\d+)?$/.test(value)) return nowMs + durationMs(value);
  const number = Number(value);
  if (number >= EPOCH_MS_MIN) return number;
  return number >= EPOCH_SECONDS_MIN ? number * 1000 : nowMs + Math.ceil(number * 1000);
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];

/** Milliseconds of a duration, rounded up so that nobody comes back too early; NaN when it is none. */
function durationMs(value: string): number {
  const amounts = value === '' ? undefined : DURATION.exec(value)?.slice(1);
  if (amounts === undefined) return Number.NaN;
  return Math.ceil(amounts.reduce((sum, amount, at) => sum + Number(amount ?? 0) * (UNITS_MS[at] ?? 0), 0));
}

/** Below this a plain number counts seconds from now, above it seconds since 1970 (9 September 2001). */
const EPOCH_SECONDS_MIN = 1_000_000_000;
/** Above this a plain number counts milliseconds since 1970. */
const EPOCH_MS_MIN = 1_000_000_000_000;
/** No window is longer than a year; a reset beyond it is nonsense. */
const WINDOW_MAX_MS = 366 * 86_400_000;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
