import type { Clock } from '@patchbay/llm/model/clock';

/** Answers that are waited for on one connection. Silence for too long, and nobody waits any more. */
export class PendingAnswers {
  readonly #clock: Clock;
  readonly #silentMs: number;
  readonly #onSilence: () => void;
  readonly #stopped = new AbortController();
  readonly #waiting = new Set<() => void>();
  #heard = 0;
  #isWatching = false;

  /** `onSilence` is called when there was no answer for `silentMs` milliseconds, once or twice that at most. */
  constructor(clock: Clock, silentMs: number, onSilence: () => void) {
    this.#clock = clock;
    this.#silentMs = silentMs;
    this.#onSilence = onSilence;
  }

  /** The answer, or `undefined` when nobody waits for it any more; rejects as `work` does. */
  wait<Answer>(work: Promise<Answer>): Promise<{ readonly answer: Answer } | undefined> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(undefined);
      this.#waiting.add(giveUp);
      if (!this.#isWatching) void this.#watch();
      const heard = (): void => {
        this.#heard += 1;
        this.#waiting.delete(giveUp);
      };
      work.then(
        (answer) => {
          heard();
          resolve({ answer });
        },
        (error: unknown) => {
          heard();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  /** Lets everyone go who waits; the connection is over. */
  giveUp(): void {
    this.#stopped.abort();
    for (const each of this.#waiting) each();
    this.#waiting.clear();
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    while (this.#waiting.size > 0) {
      const heardBefore = this.#heard;
      await afterReading(this.#clock, this.#silentMs, this.#stopped.signal);
      if (this.#waiting.size > 0 && this.#heard === heardBefore) {
        this.giveUp();
        this.#onSilence();
      }
    }
    this.#isWatching = false;
  }
}

/**
 * Resolves after `ms` and after everything was read that had arrived by then: a process that was busy itself must not
 * take its own delay for that of the server.
 */
export async function afterReading(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal);
  await new Promise<void>((resolve) => setImmediate(resolve));
}
