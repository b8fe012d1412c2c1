import { setImmediate } from 'node:timers/promises';

import type { Clock } from '@patchbay/llm/model/clock';

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
  /** A row as the copy has it; as it was before this look, until `accept`. */
  before(id: string): R | undefined;
  /** Takes what was found into the copy; until then the next look finds it again. */
  accept(): void;
}

/** Clocks of database and rows may differ by so much, and transactions may commit in another order than they began. */
const OVERLAP_MS = 10_000;

/** Rows looked through between two breaths: calls are let through in between. */
const TURN = 5000;

/**
 * A copy of a table that follows it: a look reads only rows that changed since the one before, and only the ids of the
 * others where rows have gone.
 */
export class RowMirror<R extends Row> {
  readonly #repository: Repository<R>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #rows = new Map<string, R>();
  #watermarkMs = 0;
  /** When the watermark last rose. */
  #markedAtMs = 0;

  constructor(repository: Repository<R>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#repository = repository;
    this.#clock = clock;
  }

  /** Reads what changed. Rejects when the store does not answer; the copy then stays as it was. */
  async look(): Promise<Seen<R>> {
    const known = this.#rows;
    const beganAtMs = this.#clock.monotonicMs();
    const fresh =
      known.size === 0 ? await this.#repository.all() : await this.#repository.changedSince(this.#sinceMs());
    const changed = fresh.filter(({ id, version }) => known.get(id)?.version !== version);
    const added = changed.filter(({ id }) => !known.has(id)).length;
    const { total } = await this.#repository.page({ limit: 1, sortBy: 'id' });
    if (total !== known.size + added) return this.#lookAtIds(changed, beganAtMs);
    return this.#seen(changed, [], beganAtMs);
  }

  /** Rows have gone, or have come with an older time than others. */
  async #lookAtIds(fresh: readonly R[], beganAtMs: number): Promise<Seen<R>> {
    const there = await this.#repository.ids();
    const known = this.#rows;
    const gone = await this.#without(there);
    const isWhole = there.size === known.size - gone.length + fresh.filter(({ id }) => !known.has(id)).length;
    const read = isWhole ? fresh : await this.#repository.all();
    const changed = read.filter(({ id, version }) => known.get(id)?.version !== version);
    return this.#seen(changed, gone, beganAtMs);
  }

  #seen(changed: readonly R[], gone: readonly R[], beganAtMs: number): Seen<R> {
    return {
      changed,
      gone,
      before: (id) => this.#rows.get(id),
      accept: () => this.#accept(changed, gone, beganAtMs),
    };
  }

  /** Rows that are not there any more, found in turns. */
  async #without(there: ReadonlySet<string>): Promise<readonly R[]> {
    const gone: R[] = [];
    let untilBreath = TURN;
    for (const row of this.#rows.values()) {
      if (!there.has(row.id)) gone.push(row);
      if (--untilBreath > 0) continue;
      untilBreath = TURN;
      await setImmediate();
    }
    return gone;
  }

  #accept(changed: readonly R[], gone: readonly R[], beganAtMs: number): void {
    for (const { id } of gone) this.#rows.delete(id);
    for (const row of changed) this.#rows.set(row.id, row);
    this.#mark(changed, beganAtMs);
  }

  /** Rows that were changed long ago by their clocks are not read again once the clocks' difference has passed. */
  #sinceMs(): number {
    const quietMs = this.#clock.monotonicMs() - this.#markedAtMs;
    return Math.max(0, this.#watermarkMs + 1 - Math.max(0, OVERLAP_MS - quietMs));
  }

  #mark(rows: readonly R[], atMs: number): void {
    const latestMs = rows.reduce((latest, { updatedAtMs }) => Math.max(latest, updatedAtMs), this.#watermarkMs);
    if (latestMs === this.#watermarkMs) return;
    this.#watermarkMs = latestMs;
    this.#markedAtMs = atMs;
  }
}
