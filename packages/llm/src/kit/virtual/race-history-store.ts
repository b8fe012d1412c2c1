import type { RaceHistory } from '../../routing/race-history.ts';
import { isObject, numberOf, parseJson } from '../../wire/read.ts';
import { readTextFile, writeTextFile } from '../files.ts';

/** Keeps what races have taught. */
export interface RaceHistoryStore {
  /** Empty when nothing is kept yet. */
  load(): Promise<RaceHistory>;
  save(history: RaceHistory): Promise<void>;
}

/** Keeps it in a file, which needs a runtime with files. A file that is missing or damaged reads as empty. */
export const newRaceHistoryFile = (path: string): RaceHistoryStore => ({
  async load() {
    const text = await readTextFile(path);
    const kept = text === undefined ? undefined : parseJson(text);
    if (!isObject(kept)) return {};
    return Object.fromEntries(
      Object.entries(kept).flatMap(([name, record]) => {
        if (!isObject(record)) return [];
        return [[name, { races: numberOf(record['races']) ?? 0, wins: numberOf(record['wins']) ?? 0 }]];
      }),
    );
  },
  save: (history) => writeTextFile(path, JSON.stringify(history)),
});
