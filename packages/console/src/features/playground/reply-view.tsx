import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';

import { CodeBlock, CopyButton } from '../../components/ui/code.tsx';
import { Skeleton } from '../../components/ui/states.tsx';
import { isOpen, type Reply } from './conversation.ts';
import { ReplyFigures } from './reply-figures.tsx';

/** An answer as it comes: thoughts folded, blocks of code to copy, figures beneath. */
export const ReplyView = ({ reply }: { readonly reply: Reply }) => (
  <article
    aria-label={`Answer of ${reply.model}`}
    aria-busy={isOpen(reply)}
    className="flex min-w-0 flex-col rounded-lg border border-line bg-surface shadow-rest"
  >
    <header className="flex min-h-9 items-center gap-2 border-b border-line py-1 pr-1.5 pl-3">
      <span className="min-w-0 flex-1 truncate text-xs font-medium text-ink-2" title={reply.model}>
        {reply.model}
      </span>
      {reply.requestId !== undefined && !isOpen(reply) && (
        <Link
          to="/traffic/$id"
          params={{ id: reply.requestId } as never}
          className="text-xs text-accent hover:underline"
        >
          In the log
        </Link>
      )}
      {reply.text !== '' && <CopyButton text={reply.text} label="Copy the answer" />}
    </header>
    <div className="grid min-h-12 flex-1 content-start gap-2.5 px-3 py-2.5">
      {reply.reasoning !== '' && <Thoughts text={reply.reasoning} isOver={reply.text !== '' || !isOpen(reply)} />}
      {reply.state === 'waiting' && <Skeleton className="my-1 h-4 w-2/3" />}
      {partsOf(reply.text).map(({ isCode, text }, at) =>
        isCode ? (
          <CodeBlock key={at} text={text} label="Code of the answer" />
        ) : (
          <p key={at} className="text-base break-words whitespace-pre-wrap">
            {text}
          </p>
        ),
      )}
      {reply.state === 'done' && reply.text === '' && <p className="text-sm text-ink-3">The answer has no words.</p>}
      {reply.state === 'stopped' && <p className="text-xs text-ink-3">Stopped.</p>}
      {reply.error !== undefined && (
        <p role="alert" className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-sm break-words text-bad">
          {reply.error}
        </p>
      )}
    </div>
    <footer className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
      <ReplyFigures key={reply.requestId} reply={reply} />
    </footer>
  </article>
);

const Thoughts = ({ text, isOver }: { readonly text: string; readonly isOver: boolean }) => (
  <details className="group rounded-md bg-sunken text-sm text-ink-2">
    <summary className="flex list-none items-center gap-1.5 px-2.5 py-1.5 text-xs font-medium">
      <ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
      {isOver ? 'Reasoning' : 'Thinking…'}
    </summary>
    <p className="px-2.5 pb-2.5 break-words whitespace-pre-wrap">{text}</p>
  </details>
);

const FENCE = /^```.*$/m;

/** Text and blocks of code in turns; a block that has not ended yet is one already. */
const partsOf = (text: string): readonly { readonly isCode: boolean; readonly text: string }[] =>
  text
    .split(FENCE)
    .map((part, at) => ({ isCode: at % 2 === 1, text: part.replaceAll(/^\n+|\n+$/g, '') }))
    .filter((part) => part.text !== '');
