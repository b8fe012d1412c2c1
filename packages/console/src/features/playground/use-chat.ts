import { useEffect, useRef, useState } from 'react';

import { useCallingKey } from '../../lib/calling-key.ts';
import { failureOf } from '../../lib/failure.ts';
import { chatBody, isOpen, messagesFor, type Reply, type Settings, type Turn } from './conversation.ts';
import { streamReply } from './stream-reply.ts';

/** A conversation with one model or several at once. */
export interface Chat {
  readonly turns: readonly Turn[];
  /** True while an answer is on its way. */
  readonly isBusy: boolean;
  /** Asks all models. `before`: what was said so far, when it is not all that is shown. */
  readonly send: (text: string, models: readonly string[], settings: Settings, before?: readonly Turn[]) => void;
  readonly stop: () => void;
  /** Goes back to these turns. */
  readonly reset: (turns: readonly Turn[]) => void;
}

/** Holds a conversation in memory alone; leaving the page ends what is on its way. */
export function useChat(): Chat {
  const keyOf = useCallingKey();
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const send: Chat['send'] = (text, models, settings, before = turns) => {
    const stopper = new AbortController();
    running.current?.abort();
    running.current = stopper;
    const put = (lane: number, reply: Reply): void => {
      // An answer that was given up must not write into the conversation that took its place.
      if (running.current === stopper) setTurns((all) => withReply(all, before.length, lane, reply));
    };
    setTurns([...before, { text, replies: models.map(waiting) }]);
    const ask = async (): Promise<void> => {
      const key = await keyOf();
      await Promise.all(
        models.map((model, lane) => {
          const body = chatBody(model, messagesFor(before, lane, text), settings);
          return streamReply({ key, model, body, signal: stopper.signal, onReply: (reply) => put(lane, reply) });
        }),
      );
    };
    ask().catch((error: unknown) =>
      models.forEach((model, lane) =>
        put(lane, { ...waiting(model), state: 'failed', error: failureOf(error).message }),
      ),
    );
  };
  return {
    turns,
    isBusy: turns.at(-1)?.replies.some(isOpen) ?? false,
    send,
    stop: () => running.current?.abort(),
    reset: (to) => {
      running.current?.abort();
      running.current = undefined;
      setTurns(to);
    },
  };
}

const waiting = (model: string): Reply => ({ model, state: 'waiting', text: '', reasoning: '' });

const withReply = (turns: readonly Turn[], at: number, lane: number, reply: Reply): readonly Turn[] =>
  turns.map((turn, each) =>
    each === at ? { ...turn, replies: turn.replies.map((old, of) => (of === lane ? reply : old)) } : turn,
  );
