import type { PubSub } from './pubsub.ts';

/** An account of which nothing is left for a while. */
export interface SpentAccount {
  readonly accountId: string;
  /** How long from now, in milliseconds. */
  readonly forMs: number;
  /** True where the provider said so: its window ends then, and another begins. */
  readonly isReset: boolean;
}

/** Lets processes know at once what one of them was told by a provider, so that the others need not ask. */
export interface QuotaNews {
  tell(spent: SpentAccount): void;
  /** Hears what any process tells, this one included; returns how to stop. */
  hear(onSpent: (spent: SpentAccount) => void): () => void;
}

const CHANNEL = 'patchbay:quota-spent';

/** News by messages. One that is missed costs a process a try of its own. */
export const quotaNews = (pubsub: PubSub): QuotaNews => ({
  tell: (spent) => pubsub.publish(CHANNEL, JSON.stringify(spent)),
  hear: (onSpent) =>
    pubsub.subscribe(CHANNEL, (message) => {
      const spent = message === undefined ? undefined : readSpent(message);
      if (spent !== undefined) onSpent(spent);
    }),
});

function readSpent(message: string): SpentAccount | undefined {
  try {
    const { accountId, forMs, isReset } = JSON.parse(message) as Partial<SpentAccount>;
    const isWhole = typeof accountId === 'string' && typeof forMs === 'number' && forMs > 0;
    return isWhole ? { accountId, forMs, isReset: isReset === true } : undefined;
  } catch {
    return undefined;
  }
}
