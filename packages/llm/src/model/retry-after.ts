/** Longest wait believed, in milliseconds: a day. */
const WAIT_MAX_MS = 86_400_000;

/**
 * The wait an answer asks for, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date
 * relative to the answer's own `date`, or to `nowMs` where it has none. Negative, unreadable or missing values are absent;
 * longer waits become a day.
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string | undefined>>,
  nowMs: number = Number.NaN,
): number | undefined {
  const exact = plainNumber(headers['retry-after-ms']);
  if (exact !== undefined) return Math.min(WAIT_MAX_MS, exact);
  const asked = headers['retry-after'];
  const seconds = plainNumber(asked);
  if (seconds !== undefined) return Math.min(WAIT_MAX_MS, Math.ceil(seconds * 1000));
  const date = headers['date'];
  const waitMs = Date.parse(asked ?? '') - (date === undefined ? nowMs : Date.parse(date));
  return Number.isNaN(waitMs) || waitMs < 0 ? undefined : Math.min(WAIT_MAX_MS, waitMs);
}

const plainNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
