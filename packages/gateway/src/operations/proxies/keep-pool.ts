import type { Clock } from '@patchbay/llm/model/clock';

import { pooledProxies } from '../../egress/pooled-proxies.ts';
import type { ProxyPool } from '../../egress/proxy-pool.ts';
import type { Changefeed, RowSecrets } from '../../storage/ports.ts';
import type { RegistryPort, Rows } from '../ports.ts';

export interface KeepPoolParts {
  readonly pool: ProxyPool;
  readonly rows: Pick<Rows, 'proxies'>;
  readonly secrets: Pick<RowSecrets, 'openProxyPassword'>;
  readonly changes: Pick<Changefeed, 'watch'>;
  readonly clock: Clock;
  /** Told, without secrets, of rows that cannot be used, and of notes that could not be written and wait. */
  readonly onProblem: (sentence: string) => void;
}

/** A pool that follows its rows. */
export interface KeptPool extends RegistryPort {
  /** Writes the last notes and lets go. */
  close(): Promise<void>;
}

/** How often what the pool found is written down, in milliseconds. */
const WRITE_MS = 2000;

/** Holds a pool to the rows of the store, whoever changes them, and writes down what it finds. Resolves when it is filled. */
export async function keepPool({ pool, rows, secrets, changes, clock, onProblem }: KeepPoolParts): Promise<KeptPool> {
  let waiting: ReturnType<ProxyPool['takeNotes']> | undefined;
  const write = async (): Promise<void> => {
    waiting ??= pool.takeNotes();
    const { notes, days } = waiting;
    if (notes.length > 0) await rows.proxies.note(notes);
    waiting = { notes: [], days };
    if (days.length > 0) await rows.proxies.addDays(days);
    waiting = undefined;
  };
  const read = async (): Promise<void> => {
    const openPassword = secrets.openProxyPassword;
    pool.replace(await pooledProxies(await rows.proxies.all(), { openPassword, onProblem }));
  };
  // One after another: rows that were read before a note was written would undo what it says.
  const inTurn = createTurns();
  const writeOrSay = (): Promise<void> =>
    inTurn(write).catch((error: Error) => onProblem(`What was found of proxies waits to be written: ${error.message}`));
  const refresh = (): Promise<void> => inTurn(read);
  await refresh();
  const stopWatching = changes.watch(['proxy_pool'], refresh);
  const stopWriting = clock.every(WRITE_MS, () => void writeOrSay());
  return {
    refresh,
    close: async () => {
      stopWatching();
      stopWriting();
      await writeOrSay();
    },
  };
}

/** Runs tasks one after another, each when those before have ended in whatever way. */
function createTurns(): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };
}
