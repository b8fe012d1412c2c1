/** Ways of spreading calls. `weighted` gives each its share by chance. */
export type BalanceStrategy = 'round_robin' | 'random' | 'weighted';

/** What is spread over, and how. */
export interface BalanceRules {
  readonly strategy: BalanceStrategy;
  /** How many there are to choose from; at least 1. */
  readonly count: number;
  /** Shares, for `weighted`; those that are absent are 1. A share of 0 is chosen only when all are 0. */
  readonly weights?: readonly number[];
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** Says who is next, by place from 0. */
export function createBalance({ strategy, count, weights = [], random }: BalanceRules): () => number {
  if (strategy === 'random') return () => Math.floor(random() * count);
  if (strategy === 'weighted') return () => byWeight(count, weights, random());
  let next = -1;
  return () => (next = (next + 1) % count);
}

function byWeight(count: number, weights: readonly number[], chance: number): number {
  const shares = Array.from({ length: count }, (_, at) => Math.max(0, weights[at] ?? 1));
  const sum = shares.reduce((total, share) => total + share, 0);
  let left = chance * sum;
  for (const [at, share] of shares.entries()) {
    left -= share;
    if (share > 0 && left < 0) return at;
  }
  return Math.max(
    0,
    shares.findLastIndex((share) => share > 0),
  );
}
