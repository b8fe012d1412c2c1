import { Link } from '@tanstack/react-router';
import { ChevronRight, Square, Type } from 'lucide-react';
import { lazy, memo, Suspense, useState } from 'react';

import { Button } from '../../components/ui/button.tsx';
import { CopyButton } from '../../components/ui/code.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { useMay } from '../../lib/use-session.ts';
import { isAsking, isOpen, type Reply } from './conversation.ts';
import { PlainText } from './markdown/plain-text.tsx';
import { ReplyFigures } from './reply-figures.tsx';
import { ReplyNotes } from './reply-notes.tsx';
import { CallList } from './tools/call-list.tsx';

const Markdown = lazy(() => import('./markdown/markdown.tsx').then((module) => ({ default: module.Markdown })));

export interface ReplyViewProps {
  readonly reply: Reply;
  /** Whose answer it is among those beside one another. */
  readonly lane?: number;
  /** Ends it; absent where it cannot be ended alone. */
  readonly onStop?: (lane: number) => void;
  /** Takes what its tools answered; absent where nothing can follow. */
  readonly onAnswer?: ((lane: number, results: readonly string[]) => void) | undefined;
}

/** An answer as it comes: thoughts folded, Markdown read, tools to answer for, figures beneath. */
export const ReplyView = memo(function ReplyView({ reply, lane = 0, onStop, onAnswer }: ReplyViewProps) {
  const [isRaw, setRaw] = useState(false);
  return (
    <article
      aria-label={`Answer of ${reply.model}`}
      aria-busy={isOpen(reply)}
      className="flex min-w-0 flex-col rounded-lg border border-line bg-surface shadow-rest"
    >
      <Header reply={reply} isRaw={isRaw} onRaw={() => setRaw(!isRaw)} onStop={onStop && (() => onStop(lane))} />
      <div className="grid min-h-12 min-w-0 flex-1 content-start gap-2.5 px-3 py-2.5">
        {reply.reasoning !== '' && <Thoughts text={reply.reasoning} isOver={reply.text !== '' || !isOpen(reply)} />}
        {reply.state === 'waiting' && <Skeleton className="my-1 h-4 w-2/3" />}
        {reply.text !== '' && <Words text={reply.text} isRaw={isRaw} />}
        {reply.calls.length > 0 && (
          <CallList
            calls={reply.calls}
            onAnswer={onAnswer && isAsking(reply) ? (results) => onAnswer(lane, results) : undefined}
          />
        )}
        <ReplyNotes reply={reply} />
      </div>
      <footer className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
        <ReplyFigures key={reply.requestId} reply={reply} />
      </footer>
    </article>
  );
});

const Words = ({ text, isRaw }: { readonly text: string; readonly isRaw: boolean }) =>
  isRaw ? (
    <pre className="font-mono text-xs break-words whitespace-pre-wrap">{text}</pre>
  ) : (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} />
    </Suspense>
  );

interface HeaderProps {
  readonly reply: Reply;
  readonly isRaw: boolean;
  readonly onRaw: () => void;
  readonly onStop: (() => void) | undefined;
}

const Header = ({ reply, isRaw, onRaw, onStop }: HeaderProps) => (
  <header className="flex min-h-9 items-center gap-1 border-b border-line py-1 pr-1 pl-3">
    <bdi className="min-w-0 flex-1 truncate text-xs font-medium text-ink-2" title={reply.model}>
      {reply.model}
    </bdi>
    {isOpen(reply) && onStop !== undefined && (
      <Button
        variant="quiet"
        size="icon-sm"
        aria-label={`Stop ${reply.model}`}
        icon={<Square aria-hidden />}
        onClick={onStop}
      />
    )}
    {!isOpen(reply) && <LogLink id={reply.requestId} />}
    {reply.text !== '' && (
      <>
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label="Show as written"
          title="Show as written"
          aria-pressed={isRaw}
          className={isRaw ? 'bg-hover' : ''}
          icon={<Type aria-hidden />}
          onClick={onRaw}
        />
        <CopyButton text={reply.text} label="Copy the answer" />
      </>
    )}
  </header>
);

/** The call in the traffic, for those who may read it; its id for the others. */
function LogLink({ id }: { readonly id: string | undefined }) {
  const mayRead = useMay('logs:read');
  if (id === undefined) return null;
  if (!mayRead) return <CopyButton text={id} label="Copy the request id" />;
  return (
    <Link
      to="/traffic/$id"
      params={{ id } as never}
      title={id}
      className="mr-1 shrink-0 text-xs whitespace-nowrap text-accent hover:underline"
    >
      In the log
    </Link>
  );
}

const Thoughts = ({ text, isOver }: { readonly text: string; readonly isOver: boolean }) => (
  <details className="group rounded-md bg-sunken text-sm text-ink-2">
    <summary className="flex list-none items-center gap-1.5 px-2.5 py-1.5 text-xs font-medium">
      <ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
      {isOver ? 'Reasoning' : 'Thinking…'}
    </summary>
    <p dir="auto" className="px-2.5 pb-2.5 break-words whitespace-pre-wrap">
      {text}
    </p>
  </details>
);
