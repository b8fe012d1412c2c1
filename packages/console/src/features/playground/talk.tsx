import { MessageSquareText } from 'lucide-react';
import { useRef, useState } from 'react';

import { EmptyState } from '../../components/ui/states.tsx';
import { Composer } from './composer.tsx';
import { faultsOf, type Settings } from './conversation.ts';
import { TurnList } from './turn-list.tsx';
import type { Chat } from './use-chat.ts';

export interface TalkProps {
  readonly chat: Chat;
  readonly models: readonly string[];
  readonly settings: Settings;
}

/** What was said, and the question to come. */
export function Talk({ chat, models, settings }: TalkProps) {
  const [text, setText] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const fault = Object.keys(faultsOf(settings)).length > 0 ? 'A parameter is no number.' : undefined;
  const last = chat.turns.at(-1);
  const send = (): void => {
    if (text.trim() === '' || fault !== undefined || chat.isBusy) return;
    chat.send(text, models, settings);
    setText('');
  };
  return (
    <>
      {last === undefined ? (
        <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto">
          <EmptyState icon={MessageSquareText} title="Nothing said yet">
            Choose a model and write to it. What you say stays in this page; a new one begins empty.
          </EmptyState>
        </div>
      ) : (
        <TurnList
          turns={chat.turns}
          isBusy={chat.isBusy}
          onAgain={() => chat.send(last.text, models, settings, chat.turns.slice(0, -1))}
          onEdit={() => {
            setText(last.text);
            chat.reset(chat.turns.slice(0, -1));
            box.current?.focus();
          }}
        />
      )}
      <Composer
        box={box}
        text={text}
        onChange={setText}
        onSend={send}
        onStop={chat.stop}
        isBusy={chat.isBusy}
        fault={fault}
      />
    </>
  );
}
