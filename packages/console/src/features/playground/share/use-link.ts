import { useLocation } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';

import { failureOf } from '../../../lib/failure.ts';
import type { KeptChat } from './kept-chat.ts';
import { chatIn } from './link.ts';

/** What is done with the chat of a link that was opened, or with the sentence why it cannot be read. */
export interface LinkReader {
  readonly onChat: (chat: KeptChat) => void;
  readonly onFault: (fault: string) => void;
}

/** Reads the chat in the address, when the page is opened and when another link is put there. */
export function useLink(reader: LinkReader): void {
  const fragment = useLocation({ select: ({ hash }) => hash });
  const read = useEffectEvent(async (from: string, signal: AbortSignal) => {
    try {
      const chat = await chatIn(from);
      if (chat !== undefined && !signal.aborted) reader.onChat(chat);
    } catch (error) {
      if (!signal.aborted) reader.onFault(failureOf(error).message);
    }
  });
  useEffect(() => {
    const leaving = new AbortController();
    void read(fragment, leaving.signal);
    return () => leaving.abort();
  }, [fragment]);
}
