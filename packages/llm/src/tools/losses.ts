/** What a change could not keep, in the words and the shape in which encodings report theirs. */
export interface Loss {
  /** Where in the canonical request, e.g. `messages[3].content[0]`. */
  readonly path: string;
  /** The thing lost, in a few plain words. */
  readonly what: string;
  readonly instead: 'dropped' | 'approximated' | 'moved';
}

/** Losses named one by one; how many come behind them is told in one more. */
export const LOSSES_MAX = 100;

/** Losses as they come, of which at most `LOSSES_MAX` are kept. */
export interface LossList {
  readonly kept: Loss[];
  beyond: number;
}

/** An empty list. */
export const newLosses = (): LossList => ({ kept: [], beyond: 0 });

/** Adds one loss, or counts it when the list is full. */
export function lose(losses: LossList, loss: Loss): void {
  if (losses.kept.length < LOSSES_MAX) losses.kept.push(loss);
  else losses.beyond += 1;
}

/** The losses kept, and behind them one at `path` that counts those that are not. */
export const reported = ({ kept, beyond }: LossList, path: string): readonly Loss[] =>
  beyond === 0 ? kept : [...kept, { path, what: `${beyond} more changes`, instead: 'approximated' }];
