/** Something that happened, as one line of text. */
export interface LoggedEvent {
  readonly atMs: number;
  readonly text: string;
}

/**
 * The events of the last 24 hours, at most 10,000; equal texts are one event, at the time that was told last.
 * Adding waits for nothing and may lose what a crash takes.
 */
export interface EventLog {
  add(event: LoggedEvent): void;
  /** The newest events, newest first. */
  recent(limit: number): Promise<readonly LoggedEvent[]>;
}

/** How long an event is kept, in milliseconds. */
export const EVENT_TTL_MS = 86_400_000;
/** Events that are kept at once; the oldest go first. At some 500 bytes each, five megabytes. */
export const EVENTS_MAX = 10_000;
