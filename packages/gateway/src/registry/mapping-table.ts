import type { MappedModel, MappingTable } from '../pipeline/ports.ts';
import type { Changefeed, Repositories } from '../storage/ports.ts';
import type { MappingRecord } from '../storage/records.ts';

/** What the names are read from and followed by. */
export interface MappingParts {
  readonly rows: Pick<Repositories, 'mappings'>;
  readonly feed: Pick<Changefeed, 'watch'>;
  /** Told when they could not be read; what was read last stays in force. */
  readonly onError: (error: unknown) => void;
}

/** The names that users gave to models, in memory: read at the start and within a second of a change. */
export class StoredMappings implements MappingTable {
  readonly #parts: MappingParts;
  #byAlias: ReadonlyMap<string, readonly MappingRecord[]> = new Map();
  #reading: Promise<unknown> = Promise.resolve();
  #stop: () => void = () => undefined;

  constructor(parts: MappingParts) {
    this.#parts = parts;
  }

  /** Reads them and follows them until `close`. Rejects when the first reading fails. */
  async start(): Promise<void> {
    await this.refresh();
    this.#stop = this.#parts.feed.watch(['model_mappings'], async () => {
      await this.refresh().catch((error: unknown) => {
        this.#parts.onError(error);
        throw error;
      });
    });
  }

  close(): void {
    this.#stop();
  }

  /** Reads them now. One at a time: an older answer must not undo a newer one. */
  refresh(): Promise<void> {
    const next = this.#reading.catch(() => undefined).then(() => this.#read());
    this.#reading = next;
    return next;
  }

  async #read(): Promise<void> {
    const enabled = await this.#parts.rows.mappings.all({ enabled: true });
    const ordered = enabled.toSorted((one, other) => other.priority - one.priority);
    this.#byAlias = Map.groupBy(ordered, ({ alias }) => alias);
  }

  find(alias: string, userId: string | undefined): MappedModel | undefined {
    const rows = this.#byAlias.get(alias);
    if (rows === undefined) return undefined;
    const own = userId === undefined ? undefined : rows.find(({ ownerId }) => ownerId === userId);
    const row = own ?? rows.find(({ ownerId }) => ownerId === undefined);
    return row && { providerId: row.providerId, model: row.modelName, isOwn: own !== undefined };
  }
}
