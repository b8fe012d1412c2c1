import type { Clock } from '@patchbay/llm/model/clock';
import { ok, type Result } from '@patchbay/llm/model/failure';

import type { BlobStore } from '../../blobs/blob-store.ts';
import type { DeckFormat } from './deck.ts';
import type { FinishedDeck } from './finish-decks.ts';

/** How finished decks are called and where they lie. */
export interface KeepingParts {
  readonly blobs: BlobStore;
  /** How long a deck is kept, in milliseconds. */
  readonly keptMs: number;
  /** The name of a deck that ends then: one that nobody guesses. */
  readonly newName: (format: DeckFormat, endsAtMs: number) => string;
  /** How names of decks begin, and when the deck of a name ends. */
  readonly nameStart: string;
  readonly endOf: (name: string) => number | undefined;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Where a deck lies. */
export interface KeptDeck {
  /** An absolute address, or a path of this gateway. */
  readonly url: string;
  readonly endsAtMs: number;
}

/** Keeps finished decks for whoever has their address, for a while. */
export interface DeckShelf {
  keep(deck: FinishedDeck, format: DeckFormat): Promise<Result<KeptDeck>>;
  /** A deck whose time is not over; `undefined` where there is none of the name. */
  get: BlobStore['get'];
  /** Removes decks whose time is over; resolves to how many those were. */
  sweep(): Promise<Result<number>>;
  /** Ends the sweeping. */
  close(): void;
}

/** How often decks are looked for whose time is over. Each process does, and any of them removes the decks of all. */
const SWEEP_MS = 600_000;

/** Opens the shelf and sweeps it from then on. */
export function openDeckShelf(parts: KeepingParts): DeckShelf {
  const { blobs, keptMs, newName, endOf, clock, onError } = parts;
  const sweep = (): Promise<Result<number>> => sweepDecks(parts);
  const stop = clock.every(SWEEP_MS, () => {
    void sweep().then((swept) => (swept.ok ? undefined : onError(new Error(swept.failure.message))), onError);
  });
  return {
    async keep({ bytes }, format) {
      const endsAtMs = clock.nowMs() + keptMs;
      const name = newName(format, endsAtMs);
      const put = await blobs.put(name, bytes);
      return put.ok ? ok({ url: blobs.url(name), endsAtMs }) : put;
    },
    get: async (name) => {
      const endsAtMs = endOf(name);
      return endsAtMs !== undefined && endsAtMs <= clock.nowMs() ? ok(undefined) : blobs.get(name);
    },
    sweep,
    close: stop,
  };
}

async function sweepDecks({ blobs, nameStart, endOf, clock }: KeepingParts): Promise<Result<number>> {
  const names = await blobs.names(nameStart);
  if (!names.ok) return names;
  const nowMs = clock.nowMs();
  const over = names.value.filter((name) => (endOf(name) ?? Infinity) <= nowMs);
  for (const name of over) {
    const removed = await blobs.delete(name);
    if (!removed.ok) return removed;
  }
  return ok(over.length);
}
