/** A time (milliseconds since 1970) as answers write it: `2026-11-21T09:30:00.000Z`. */
export const timestamp = (ms: number): string => new Date(ms).toISOString();

/** The same where there may be none. */
export const timestampOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : timestamp(ms));
