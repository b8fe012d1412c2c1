import type { Clock } from '@patchbay/llm/model/clock';

/** Something that writes down what was handed to it, later. */
export interface Recorder {
  readonly id: 'calls' | 'lines' | 'bodies' | 'spans' | 'records';
  /** What waits to be written now. */
  readonly queued: () => number;
  /** What was not written, since the start. */
  readonly dropped: () => number;
}

/** How a recorder has fared. */
export interface RecorderState {
  readonly id: Recorder['id'];
  readonly queued: number;
  /** Not written within the last quarter of an hour. */
  readonly droppedLately: number;
  /** Why the last write failed, where that was within the last minute. */
  readonly failure?: string;
}

const LATELY_MS = 900_000;
const FAILED_MS = 60_000;

/** Remembers for a while what recorders lost and why, so that a loss is seen after it is over. */
export class RecorderWatch {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #recorders: readonly Recorder[];
  readonly #losses = new Map<string, { readonly atMs: number; readonly dropped: number }[]>();
  readonly #failures = new Map<string, { readonly atMs: number; readonly why: string }>();

  constructor(clock: Pick<Clock, 'monotonicMs'>, recorders: readonly Recorder[]) {
    this.#clock = clock;
    this.#recorders = recorders;
  }

  /** A write failed. */
  noteFailure(id: Recorder['id'], error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#failures.set(id, { atMs: this.#clock.monotonicMs(), why });
  }

  /** Looks how much was dropped by now; call it now and then. */
  look(): void {
    const atMs = this.#clock.monotonicMs();
    for (const { id, dropped } of this.#recorders) {
      const seen = this.#losses.get(id) ?? [{ atMs, dropped: 0 }];
      const now = dropped();
      if (seen.at(-1)?.dropped !== now) seen.push({ atMs, dropped: now });
      while (seen.length > 1 && (seen[1]?.atMs ?? atMs) < atMs - LATELY_MS) seen.shift();
      this.#losses.set(id, seen);
    }
  }

  states(): readonly RecorderState[] {
    this.look();
    const nowMs = this.#clock.monotonicMs();
    return this.#recorders.map(({ id, queued, dropped }) => {
      const failure = this.#failures.get(id);
      return {
        id,
        queued: queued(),
        droppedLately: dropped() - (this.#losses.get(id)?.[0]?.dropped ?? 0),
        ...(failure !== undefined && nowMs - failure.atMs < FAILED_MS && { failure: failure.why }),
      };
    });
  }
}
