import type { Clock } from '@patchbay/llm/model/clock';
import { arrayOf, objectOf, parseJson } from '@patchbay/llm/wire/read';

import { statusOf, type KeptResponse, type ResponseRow, type ResponseStore } from './kept-response.ts';

export interface ShelfParts {
  readonly store: ResponseStore;
  readonly clock: Clock;
  /** How long an answer is kept, in milliseconds. */
  readonly retentionMs: number;
  readonly onError: (error: unknown) => void;
}

/** How long an answer waits to be written, in milliseconds; meanwhile it is found all the same. */
const FLUSH_MS = 100;
/** Answers that wait to be written; with a store that is away, further ones are not kept. */
const WAITING_MAX = 1000;
/** Longest answer with its input that is kept, in bytes of JSON. */
const ROW_BYTES_MAX = 16 * 1024 * 1024;
const TOO_LARGE = 'An answer of more than 16 MiB, with its input, was not kept: it cannot be asked for later.';
/** How often old answers are looked for, in milliseconds, and how many go at a time. */
const SWEEP_MS = 3_600_000;
const SWEPT_MAX = 500;

/** Keeps answers: taking one costs a push, and it can be found from then on. */
export class ResponseShelf {
  /** Answers that were too large, or that came while too many waited. */
  dropped = 0;
  readonly #parts: ShelfParts;
  readonly #stops: readonly (() => void)[];
  /** What is not in the store yet, newest word on each answer. */
  readonly #waiting = new Map<string, KeptResponse>();
  #writing: Promise<void> | undefined;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
    this.#stops = [
      parts.clock.every(FLUSH_MS, () => void this.flush()),
      parts.clock.every(SWEEP_MS, () => void this.sweep()),
    ];
  }

  keep(kept: KeptResponse): void {
    const key = keyOf(kept.keyId, kept.id);
    if (this.#waiting.size >= WAITING_MAX && !this.#waiting.has(key)) this.dropped += 1;
    else this.#waiting.set(key, kept);
  }

  /** An answer of this key; `undefined` when there is none, and when it is older than answers are kept. */
  async find(keyId: string, id: string): Promise<KeptResponse | undefined> {
    const waiting = this.#waiting.get(keyOf(keyId, id));
    if (waiting !== undefined) return waiting;
    const row = await this.#parts.store.find(keyId, id);
    return row === undefined || row.createdAtMs < this.#oldestMs() ? undefined : toKept(row);
  }

  /** Resolves false when there was none. */
  async remove(keyId: string, id: string): Promise<boolean> {
    // What is being written now would else come after its own removal.
    await this.#writing;
    const waited = this.#waiting.delete(keyOf(keyId, id));
    return (await this.#parts.store.remove(keyId, id)) || waited;
  }

  /** Answers that were under way when the process before this one ended. */
  async unfinished(): Promise<readonly KeptResponse[]> {
    return (await this.#parts.store.withStatus(['queued', 'in_progress'])).map(toKept);
  }

  /** Writes what waits; what could not be written waits for the next time. Never rejects. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const taken = [...this.#waiting];
    if (taken.length === 0) return;
    try {
      const rows = taken.map(([, kept]) => toRow(kept));
      const fitting = rows.filter(({ response, input }) => response.length + input.length <= ROW_BYTES_MAX);
      this.dropped += rows.length - fitting.length;
      if (fitting.length < rows.length) this.#parts.onError(new Error(TOO_LARGE));
      await this.#parts.store.put(fitting);
      for (const [key, kept] of taken) if (this.#waiting.get(key) === kept) this.#waiting.delete(key);
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  /** Deletes what is older than answers are kept, a few at a time. Never rejects. */
  async sweep(): Promise<void> {
    try {
      while ((await this.#parts.store.removeBefore(this.#oldestMs(), SWEPT_MAX)) === SWEPT_MAX);
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #oldestMs(): number {
    return this.#parts.clock.nowMs() - this.#parts.retentionMs;
  }

  /** Writes what waits and stops. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.flush();
    await this.flush();
  }
}

const keyOf = (keyId: string, id: string): string => `${keyId} ${id}`;

const toRow = (kept: KeptResponse): ResponseRow => ({
  id: kept.id,
  keyId: kept.keyId,
  createdAtMs: kept.createdAtMs,
  previousId: kept.previousId,
  status: statusOf(kept),
  response: JSON.stringify(kept.response),
  input: JSON.stringify(kept.input),
});

const toKept = ({ response, input, id, keyId, createdAtMs, previousId }: ResponseRow): KeptResponse => ({
  id,
  keyId,
  createdAtMs,
  previousId,
  response: objectOf(parseJson(response)) ?? {},
  input: arrayOf(parseJson(input)),
});
