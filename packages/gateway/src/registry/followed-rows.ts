import type { Changefeed, WatchedTable } from '../storage/ports.ts';

/** What rows are read from and followed by. */
export interface FollowedParts<Kept> {
  readonly table: WatchedTable;
  readonly feed: Pick<Changefeed, 'watch'>;
  readonly read: () => Promise<Kept>;
  /** What is in force before the first reading. */
  readonly none: Kept;
  /** Told when the rows could not be read; what was read last stays in force. */
  readonly onError: (error: unknown) => void;
}

/** What is made of a table's rows, in memory: read at the start and within a second of a change. */
export class FollowedRows<Kept> {
  readonly #parts: FollowedParts<Kept>;
  #kept: Kept;
  #reading: Promise<unknown> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(parts: FollowedParts<Kept>) {
    this.#parts = parts;
    this.#kept = parts.none;
  }

  /** Reads the rows and follows them until `close`. Rejects when the first reading fails. */
  async start(): Promise<void> {
    await this.refresh();
    const { feed, table, onError } = this.#parts;
    this.#stop = feed.watch([table], async () => {
      await this.refresh().catch((error: unknown) => {
        onError(error);
        throw error;
      });
    });
  }

  close(): void {
    this.#stop();
  }

  /** Reads the rows now. One at a time: an older answer must not undo a newer one. */
  refresh(): Promise<void> {
    const next = this.#reading
      .catch(() => undefined)
      .then(async () => {
        this.#kept = await this.#parts.read();
      });
    this.#reading = next;
    return next;
  }

  /** What was read last. */
  protected get kept(): Kept {
    return this.#kept;
  }
}
