import type { Clock } from '@patchbay/llm/model/clock';
import { sql, type Kysely } from 'kysely';

import { WATCHED_TABLES, type Changefeed, type WatchedTable } from './ports.ts';
import type { Tables } from './tables/tables.ts';

/** How often the store is asked whether anything has changed, in milliseconds; one row is read for each table. */
const LOOK_MS = 250;

type Versions = Readonly<Record<WatchedTable, number>>;

/** A feed of changes. `hint` says that something may have changed just now. */
export interface HintedChangefeed extends Changefeed {
  hint(): void;
}

/** Tells of changes by the versions that the database itself counts for each table, whoever makes them. */
export function createChangefeed(database: Kysely<Tables>, clock: Clock): HintedChangefeed {
  const watchers = new Set<Watcher>();
  const versions = (): Promise<Versions> => readVersions(database);
  const look = once(async () => {
    const now = await versions();
    for (const watcher of watchers) watcher.offer(now);
  });
  let stopClock: (() => void) | undefined;
  return {
    versions,
    hint: () => {
      if (watchers.size > 0) look();
    },
    watch(tables, onChange) {
      const watcher = new Watcher(tables, onChange);
      watchers.add(watcher);
      stopClock ??= clock.every(LOOK_MS, look);
      look();
      return () => {
        watcher.stop();
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        stopClock?.();
        stopClock = undefined;
      };
    },
  };
}

async function readVersions(database: Kysely<Tables>): Promise<Versions> {
  const { rows } = await sql<{ name: string; version: number }>`select name, version from table_versions`.execute(
    database,
  );
  const known = new Map(rows.map(({ name, version }) => [name, Number(version)]));
  return Object.fromEntries(WATCHED_TABLES.map((name) => [name, known.get(name) ?? 0])) as Versions;
}

/** Runs `task` for whoever asks, one at a time; asked meanwhile, it runs once more, as it may have begun too early. */
function once(task: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = (): void => {
    again = running;
    if (running) return;
    running = true;
    // A store that does not answer now is asked again at the next look; what is known stays in force.
    task()
      .catch(() => undefined)
      .finally(() => {
        running = false;
        if (again) run();
      });
  };
  return run;
}

/** What one watcher has taken in. */
class Watcher {
  readonly #tables: readonly WatchedTable[];
  readonly #onChange: Parameters<Changefeed['watch']>[1];
  /** Empty at first, so the first look tells of every table. */
  readonly #seen = new Map<WatchedTable, number>();
  #busy = false;
  #stopped = false;

  constructor(tables: readonly WatchedTable[], onChange: Parameters<Changefeed['watch']>[1]) {
    this.#tables = tables;
    this.#onChange = onChange;
  }

  /** Tells of what differs; while that is being taken in, the next look has to wait. */
  offer(versions: Versions): void {
    const changed = this.#tables.filter((table) => this.#seen.get(table) !== versions[table]);
    if (this.#busy || this.#stopped || changed.length === 0) return;
    for (const table of changed) this.#seen.set(table, versions[table]);
    this.#busy = true;
    void this.#tell(changed);
  }

  async #tell(changed: readonly WatchedTable[]): Promise<void> {
    try {
      await this.#onChange(changed);
    } catch {
      // Whoever could not take it in is told again at the next look.
      for (const table of changed) this.#seen.delete(table);
    } finally {
      this.#busy = false;
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}
