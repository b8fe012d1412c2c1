import { Pencil, RotateCw } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { cx } from '../../lib/cx.ts';
import { AttachmentStrip } from './attachments/attachment-strip.tsx';
import type { Turn } from './conversation.ts';
import { columnsOf, hiddenUnless } from './lane-columns.ts';
import { ReplyView } from './reply-view.tsx';

/** Nearer to the end than this, in pixels, one reads along. */
const NEAR_PX = 80;

export interface TurnListProps {
  readonly turns: readonly Turn[];
  readonly isBusy: boolean;
  /** Which of the answers is seen where there is room for one. */
  readonly shown: number;
  /** Asks the last question once more. */
  readonly onAgain: () => void;
  /** Takes the last question back to be written anew. */
  readonly onEdit: () => void;
  readonly onStop: (lane: number) => void;
  readonly onAnswer: (lane: number, results: readonly string[]) => void;
}

/** The conversation; it follows what comes, unless one reads further up. */
export function TurnList({ turns, isBusy, shown, onAgain, onEdit, onStop, onAnswer }: TurnListProps) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (follows.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [turns]);
  return (
    <div
      ref={box}
      role="log"
      aria-label="Conversation"
      tabIndex={0}
      className="flex min-h-40 flex-1 flex-col gap-5 overflow-y-auto rounded-md pb-1"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
      }}
    >
      {turns.map((turn, at) => (
        <div key={at} className="grid gap-2.5">
          <Asked turn={turn}>
            {at === turns.length - 1 && !isBusy && <AskedActions onAgain={onAgain} onEdit={onEdit} />}
          </Asked>
          <Answers turn={turn} shown={shown} isLast={at === turns.length - 1} onStop={onStop} onAnswer={onAnswer} />
        </div>
      ))}
    </div>
  );
}

const Asked = ({ turn, children }: { readonly turn: Turn; readonly children: ReactNode }) => (
  <div className="ml-auto flex max-w-[85%] items-start gap-1">
    {children}
    <div className="grid min-w-0 justify-items-end gap-1.5">
      {turn.attachments.length > 0 && <AttachmentStrip attachments={turn.attachments} className="justify-end" />}
      {turn.text !== '' && (
        <p
          dir="auto"
          className="max-w-full min-w-0 rounded-lg bg-accent-soft px-3 py-2 text-base break-words whitespace-pre-wrap"
        >
          {turn.text}
        </p>
      )}
    </div>
  </div>
);

const AskedActions = ({ onAgain, onEdit }: Pick<TurnListProps, 'onAgain' | 'onEdit'>) => (
  <>
    <Button variant="quiet" size="icon-sm" aria-label="Edit" icon={<Pencil aria-hidden />} onClick={onEdit} />
    <Button variant="quiet" size="icon-sm" aria-label="Ask again" icon={<RotateCw aria-hidden />} onClick={onAgain} />
  </>
);

interface AnswersProps extends Pick<TurnListProps, 'shown' | 'onStop' | 'onAnswer'> {
  readonly turn: Turn;
  readonly isLast: boolean;
}

const Answers = ({ turn: { lanes }, shown, isLast, onStop, onAnswer }: AnswersProps) => (
  <div className={cx('grid items-start gap-3', columnsOf(lanes.length))}>
    {lanes.map((replies, lane) => (
      <div key={lane} className={cx('min-w-0 space-y-2.5', hiddenUnless(lane === Math.min(shown, lanes.length - 1)))}>
        {replies.map((reply, round) => (
          <ReplyView
            key={round}
            reply={reply}
            lane={lane}
            onStop={onStop}
            onAnswer={isLast && round === replies.length - 1 ? onAnswer : undefined}
          />
        ))}
      </div>
    ))}
  </div>
);
