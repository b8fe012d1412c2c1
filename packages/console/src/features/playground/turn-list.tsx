import { Pencil, RotateCw } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { cx } from '../../lib/cx.ts';
import type { Turn } from './conversation.ts';
import { ReplyView } from './reply-view.tsx';

/** Nearer to the end than this, in pixels, one reads along. */
const NEAR_PX = 80;

export interface TurnListProps {
  readonly turns: readonly Turn[];
  readonly isBusy: boolean;
  /** Asks the last question once more. */
  readonly onAgain: () => void;
  /** Takes the last question back to be written anew. */
  readonly onEdit: () => void;
}

/** The conversation; it follows what comes, unless one reads further up. */
export function TurnList({ turns, isBusy, onAgain, onEdit }: TurnListProps) {
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
          <div className="ml-auto flex max-w-[85%] items-start gap-1">
            {at === turns.length - 1 && !isBusy && (
              <>
                <Button
                  variant="quiet"
                  size="icon-sm"
                  aria-label="Edit"
                  icon={<Pencil aria-hidden />}
                  onClick={onEdit}
                />
                <Button
                  variant="quiet"
                  size="icon-sm"
                  aria-label="Ask again"
                  icon={<RotateCw aria-hidden />}
                  onClick={onAgain}
                />
              </>
            )}
            <p className="min-w-0 rounded-lg bg-accent-soft px-3 py-2 text-base break-words whitespace-pre-wrap">
              {turn.text}
            </p>
          </div>
          <div className={cx('grid gap-3', turn.replies.length > 1 && 'md:grid-cols-2')}>
            {turn.replies.map((reply, lane) => (
              <ReplyView key={lane} reply={reply} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
