import { useEffect, useRef, useState } from 'react';

import { useCallingKey } from '../../lib/calling-key.ts';
import { failureOf } from '../../lib/failure.ts';
import {
  isBusy,
  messagesFor,
  waiting,
  withLane,
  withoutLane,
  type Message,
  type Reply,
  type Turn,
} from './conversation.ts';
import { dataUrlOf, type Attachment } from './attachments/attachment.ts';
import { chatBody } from './dialects/openai-chat.ts';
import { parametersOf, type Settings } from './parameters.ts';
import { streamReply } from './stream-reply.ts';
import { declared, type Tool } from './tools/tool.ts';

/** What goes with every question of a conversation. */
export interface Setup {
  /** The models beside one another. */
  readonly models: readonly string[];
  readonly settings: Settings;
  readonly tools: readonly Tool[];
}

/** A conversation with one model or several at once. */
export interface Chat {
  readonly turns: readonly Turn[];
  /** True while an answer is on its way. */
  readonly isBusy: boolean;
  /** Asks all models. `before`: what was said so far, when it is not all that is shown. */
  readonly send: (question: Pick<Turn, 'text' | 'attachments'>, setup: Setup, before?: readonly Turn[]) => void;
  /** Answers the tools that the last answer of one model called, in their order, and lets it go on. */
  readonly answerTools: (lane: number, results: readonly string[], setup: Setup) => void;
  /** Ends the answers on their way, or that of one model. */
  readonly stop: (lane?: number) => void;
  /** Takes one model out, with what it said. */
  readonly removeLane: (lane: number) => void;
  /** Goes to these turns. */
  readonly reset: (turns: readonly Turn[]) => void;
}

/** Holds a conversation in memory alone; leaving the page ends what is on its way. */
export function useChat(): Chat {
  const keyOf = useCallingKey();
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<readonly AbortController[]>([]);
  const stopAll = (): void => running.current.forEach((each) => each.abort());
  useEffect(() => stopAll, []);
  const ask = (lane: number, said: readonly Turn[], { models, settings, tools }: Setup): void => {
    const model = models[lane] ?? '';
    const stopper = new AbortController();
    running.current = Object.assign([...running.current], { [lane]: stopper });
    const put = (reply: Reply): void => {
      // An answer that was given up must not write into the conversation that took its place.
      if (running.current[lane] === stopper)
        setTurns((all) => withLane(all, lane, (is) => [...is.slice(0, -1), reply]));
    };
    const body = bodyOf(model, messagesFor(said, lane), settings, tools);
    keyOf()
      .then((key) => streamReply({ key, model, body, signal: stopper.signal, onReply: put }))
      .catch((error: unknown) => put({ ...waiting(model), state: 'failed', error: failureOf(error).message }));
  };
  const forget = (to: readonly Turn[]): void => {
    stopAll();
    running.current = [];
    setTurns(to);
  };
  return {
    turns,
    isBusy: isBusy(turns),
    send: (question, setup, before = turns) => {
      const said = [...before, { ...question, lanes: [] }];
      forget([...before, { ...question, lanes: setup.models.map((model) => [waiting(model)]) }]);
      setup.models.forEach((_, lane) => ask(lane, said, setup));
    },
    answerTools: (lane, results, setup) => {
      const answered = (all: readonly Turn[]): readonly Turn[] =>
        withLane(all, lane, (replies) => withResults(replies, results));
      const next = waiting(setup.models[lane] ?? '');
      setTurns((all) => withLane(answered(all), lane, (replies) => [...replies, next]));
      ask(lane, answered(turns), setup);
    },
    stop: (lane) => (lane === undefined ? stopAll() : running.current[lane]?.abort()),
    removeLane: (lane) => forget(withoutLane(turns, lane)),
    reset: forget,
  };
}

const bodyOf = (model: string, messages: readonly Message[], settings: Settings, tools: readonly Tool[]): object =>
  chatBody(
    { model, system: settings.system, messages, parameters: parametersOf(settings), tools: declared(tools) },
    (attachment: Attachment) => dataUrlOf(attachment),
  );

/** The last answer of a model with what its tools answered. */
const withResults = (replies: readonly Reply[], results: readonly string[]): readonly Reply[] =>
  replies.map((reply, at) =>
    at === replies.length - 1
      ? { ...reply, calls: reply.calls.map((call, of) => ({ ...call, result: results[of] ?? '' })) }
      : reply,
  );
