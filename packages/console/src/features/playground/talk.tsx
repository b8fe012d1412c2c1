import { MessageSquareText } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';

import { EmptyState } from '../../components/ui/states.tsx';
import { useAttachments } from './attachments/use-attachments.ts';
import { Composer } from './composer.tsx';
import { cannotRead, mayNotRead } from './model-words.ts';
import { faultsOf } from './parameters.ts';
import { TurnList } from './turn-list.tsx';
import type { Chat, Setup } from './use-chat.ts';
import type { ListedModel } from './use-models.ts';
import { useSteady } from './use-steady.ts';

export interface TalkProps {
  readonly chat: Chat;
  readonly setup: Setup;
  /** What is known of the models that are talked to. */
  readonly known: readonly ListedModel[];
  /** Which of the answers is seen where there is room for one. */
  readonly shown: number;
  /** Said above the conversation, such as where it comes from. */
  readonly notice: ReactNode;
}

/** What was said, and the question to come. */
export function Talk({ chat, setup, known, shown, notice }: TalkProps) {
  const [text, setText] = useState('');
  const attachments = useAttachments();
  const box = useRef<HTMLTextAreaElement>(null);
  const onAnswer = useSteady((lane: number, results: readonly string[]) => chat.answerTools(lane, results, setup));
  const onStop = useSteady((lane: number) => chat.stop(lane));
  const faults = [
    ...(Object.keys(faultsOf(setup.settings)).length > 0 ? ['A parameter is not right.'] : []),
    ...cannotRead(known, attachments.list),
  ];
  const last = chat.turns.at(-1);
  const send = (): void => {
    if ((text.trim() === '' && attachments.list.length === 0) || faults.length > 0 || chat.isBusy) return;
    chat.send({ text, attachments: attachments.list }, setup);
    setText('');
    attachments.set([]);
  };
  return (
    <>
      {notice}
      {last === undefined ? (
        <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto">
          <EmptyState icon={MessageSquareText} title="Nothing said yet">
            Choose a model and write to it. What you say stays in this page until you save or share it.
          </EmptyState>
        </div>
      ) : (
        <TurnList
          turns={chat.turns}
          isBusy={chat.isBusy}
          shown={shown}
          onAgain={() => chat.send(last, setup, chat.turns.slice(0, -1))}
          onEdit={() => {
            setText(last.text);
            attachments.set(last.attachments);
            chat.reset(chat.turns.slice(0, -1));
            box.current?.focus();
          }}
          onStop={onStop}
          onAnswer={onAnswer}
        />
      )}
      <Composer
        box={box}
        text={text}
        onChange={setText}
        attachments={attachments}
        onSend={send}
        onStop={() => chat.stop()}
        isBusy={chat.isBusy}
        faults={faults}
        note={mayNotRead(known, attachments.list)}
      />
    </>
  );
}
