import { addressOf, ApiError } from '@patchbay/contract/client';
import { OPERATIONS } from '@patchbay/contract/operations';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { eventsIn, type ToldEvent } from '../../lib/event-stream.ts';
import { useSession } from '../../lib/use-session.ts';
import { outlineOf, type Brief } from './brief.ts';
import { NOTHING_YET, withEvent, withoutOpenEnds, type DeckSoFar } from './deck-so-far.ts';

/** A whole deck, made in one go. */
export interface WholeDeck {
  readonly isBusy: boolean;
  /** Why it was not made. */
  readonly error: Error | null;
  /** True where somebody stopped it. */
  readonly isStopped: boolean;
  /** What was asked for; absent where nothing was. */
  readonly asked: Brief | undefined;
  /** How far it is, or was when it ended. */
  readonly deck: DeckSoFar;
  readonly run: (brief: Brief) => void;
  /** Ends it; what is there already stays. */
  readonly stop: () => void;
  readonly reset: () => void;
}

/** Makes a whole deck; `onTold` hears of every piece as soon as it is there. Who leaves the page ends it. */
export function useWholeDeck(onTold: (brief: Brief, deck: DeckSoFar) => void): WholeDeck {
  const { csrfToken } = useSession();
  const [deck, setDeck] = useState(NOTHING_YET);
  const [isStopped, setStopped] = useState(false);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);
  const { mutate, reset, variables, isPending, error } = useMutation({
    mutationFn: async (brief: Brief) => {
      const controller = new AbortController();
      const { signal } = controller;
      leaving.current = controller;
      let told = NOTHING_YET;
      const tell = (next: DeckSoFar): void => {
        // What was put away must not come back.
        if (leaving.current !== controller) return;
        told = next;
        setDeck(next);
        onTold(brief, next);
      };
      try {
        for await (const event of askDeck(brief, csrfToken, signal)) tell(withEvent(told, event));
      } catch (failed) {
        tell(withoutOpenEnds(told));
        if (!signal.aborted) throw failed;
        setStopped(leaving.current === controller);
      }
    },
  });
  const clear = (): void => {
    setStopped(false);
    setDeck(NOTHING_YET);
  };
  return {
    isBusy: isPending,
    error,
    isStopped,
    asked: variables,
    deck,
    run: (brief) => {
      clear();
      mutate(brief);
    },
    stop: () => leaving.current?.abort(),
    reset: () => {
      leaving.current?.abort();
      leaving.current = undefined;
      clear();
      reset();
    },
  };
}

/** Has the deck made and hands on what is told of it. Throws what ends it before it is done. */
async function* askDeck(brief: Brief, csrfToken: string | undefined, signal: AbortSignal): AsyncGenerator<ToldEvent> {
  const body = { ...(await outlineOf(brief)), images: brief.hasPictures, format: 'pptx' };
  const response = await globalThis.fetch(addressOf('generation.deck'), {
    method: OPERATIONS['generation.deck'].method,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
    },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok || response.body === null)
    throw new ApiError(response.status, await response.json().catch(() => undefined));
  for await (const event of eventsIn(response.body)) {
    if (event.name === 'error') throw failureOf(event.data);
    yield event;
    if (event.name === 'done') return;
  }
  throw new Error('The gateway broke off. What was made so far is remembered there for a while: try again.');
}

const failureOf = (said: unknown): ApiError =>
  new ApiError(Number((said as { readonly status_code?: number }).status_code ?? 500), said);
