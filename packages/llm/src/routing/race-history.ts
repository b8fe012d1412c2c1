/** What is known of one racer from races before. */
export interface RaceRecord {
  readonly races: number;
  readonly wins: number;
}

/** Records by the names of racers. */
export type RaceHistory = Readonly<Record<string, RaceRecord>>;

const UNKNOWN_WIN_RATE = 0.5;

/** Share of races that were won, from 0 to 1; a half for somebody who never ran. */
export const winRate = (record: RaceRecord | undefined): number =>
  record === undefined || record.races === 0 ? UNKNOWN_WIN_RATE : record.wins / record.races;

/** How good an arrival is: often a winner, and soon here. */
export const raceScore = (record: RaceRecord | undefined, latencyMs: number): number =>
  winRate(record) / (1 + latencyMs / 1000);

/** The history with one race more. */
export function withRace(history: RaceHistory, racers: readonly string[], winner: string): RaceHistory {
  const ran = racers.map((name) => {
    const { races, wins } = history[name] ?? { races: 0, wins: 0 };
    return [name, { races: races + 1, wins: wins + (name === winner ? 1 : 0) }] as const;
  });
  return { ...history, ...Object.fromEntries(ran) };
}
