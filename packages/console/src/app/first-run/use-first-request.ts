import { useEffect, useRef, useState } from 'react';

import { isOpen, waiting, type Reply } from '../../features/playground/conversation.ts';
import { streamReply } from '../../features/playground/stream-reply.ts';
import { useCallingKey } from '../../lib/calling-key.ts';
import { failureOf } from '../../lib/failure.ts';

/** A request and its answer as it comes. */
export interface Trial {
  readonly reply: Reply | undefined;
  readonly isBusy: boolean;
  readonly send: (model: string, text: string) => void;
}

/** Sends with the key that was made, or with one of the console's own; leaving the page ends what is on its way. */
export function useFirstRequest(madeKey: string | undefined): Trial {
  const ownKey = useCallingKey();
  const [reply, setReply] = useState<Reply>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const send = (model: string, text: string): void => {
    const stopper = new AbortController();
    running.current?.abort();
    running.current = stopper;
    setReply(waiting(model));
    const body = { model, messages: [{ role: 'user', content: text }] };
    const ask = async (): Promise<void> => {
      const key = madeKey ?? (await ownKey());
      await streamReply({ key, model, body, signal: stopper.signal, onReply: setReply });
    };
    ask().catch((error: unknown) => setReply({ ...waiting(model), state: 'failed', error: failureOf(error).message }));
  };
  return { reply, isBusy: reply !== undefined && isOpen(reply), send };
}
