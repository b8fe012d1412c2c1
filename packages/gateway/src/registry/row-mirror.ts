import type { Repository } from '../storage/repository.ts';

interface Row {
  readonly id: string;
  readonly version: number;
  readonly updatedAtMs: number;
}

/** What a look at a table found. */
export interface Seen<R> {
  readonly changed: readonly R[];
  readonly gone: readonly R[];
  /** Takes what was found into the copy; until then the next look finds it again. */
  accept(): void;
}

/** Rows read at a time: as many as are read without holding up a call that waits. */
const PAGE_ROWS = 200;
/** Clocks of database and rows may differ by so much, and transactions may commit in another order than they began. */
const OVERLAP_MS = 10_000;

/**
 * A copy of a table that follows it: a look reads only rows that changed since the one before, and all of them only
 * where rows have gone.
 */
export class RowMirror<R extends Row> {
  readonly #repository: Repository<R>;
  #rows = new Map<string, R>();
  #watermarkMs = 0;

  constructor(repository: Repository<R>) {
    this.#repository = repository;
  }

  /** Reads what changed. Rejects when the store does not answer; the copy then stays as it was. */
  async look(): Promise<Seen<R>> {
    const fresh = await this.#read(this.#watermarkMs - OVERLAP_MS);
    const changed = fresh.filter(({ id, version }) => this.#rows.get(id)?.version !== version);
    const total = (await this.#repository.page({ limit: 1 })).total;
    const added = changed.filter(({ id }) => !this.#rows.has(id)).length;
    if (total !== this.#rows.size + added) return this.#lookAtAll();
    const accept = (): void => {
      for (const row of changed) this.#rows.set(row.id, row);
      this.#mark(changed);
    };
    return { changed, gone: [], accept };
  }

  async #lookAtAll(): Promise<Seen<R>> {
    const before = this.#rows;
    const all = await this.#read(0);
    const rows = new Map(all.map((row) => [row.id, row]));
    return {
      changed: all.filter(({ id, version }) => before.get(id)?.version !== version),
      gone: [...before.values()].filter(({ id }) => !rows.has(id)),
      accept: () => {
        this.#rows = rows;
        this.#mark(all);
      },
    };
  }

  #mark(rows: readonly R[]): void {
    this.#watermarkMs = rows.reduce((latest, { updatedAtMs }) => Math.max(latest, updatedAtMs), this.#watermarkMs);
  }

  async #read(sinceMs: number): Promise<readonly R[]> {
    const rows: R[] = [];
    let after: string | undefined;
    do {
      // The repository's type knows the members of `R` only where it is named.
      const between = { updatedAtMs: { least: Math.max(0, sinceMs) } } as NonNullable<
        Parameters<Repository<R>['page']>[0]['between']
      >;
      const page = await this.#repository.page({
        between,
        limit: PAGE_ROWS,
        ...(after === undefined ? {} : { after }),
      });
      rows.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return rows;
  }
}
