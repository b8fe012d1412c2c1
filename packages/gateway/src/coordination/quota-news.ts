import type { PubSub } from './pubsub.ts';

/** An account of which nothing is left for a while. */
export interface SpentAccount {
  readonly accountId: string;
  /** How long from now, in milliseconds. */
  readonly forMs: number;
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
  tell: ({ accountId, forMs }) => pubsub.publish(CHANNEL, JSON.stringify({ accountId, forMs })),
  hear: (onSpent) =>
    pubsub.subscribe(CHANNEL, (message) => {
      const spent = message === undefined ? undefined : readSpent(message);
      if (spent !== undefined) onSpent(spent);
    }),
});

function readSpent(message: string): SpentAccount | undefined {
  try {
    const { accountId, forMs } = JSON.parse(message) as Partial<SpentAccount>;
    return typeof accountId === 'string' && typeof forMs === 'number' && forMs > 0 ? { accountId, forMs } : undefined;
  } catch {
    return undefined;
  }
}
