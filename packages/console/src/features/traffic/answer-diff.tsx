import { CodeBlock } from '../../components/ui/code.tsx';
import { diffWords } from './diff-words.ts';

export interface AnswerDiffProps {
  /** Absent where it was not kept. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Two answers in one text: what only the first said is struck out, what only the second says is marked. */
export function AnswerDiff({ before, after }: AnswerDiffProps) {
  const pieces = before === undefined ? undefined : diffWords(before, after);
  if (before === undefined) return <CodeBlock text={after} label="Answer" wraps />;
  if (before === after) return <Told text="Both answers are the same, word for word." answer={after} />;
  if (pieces === undefined)
    return (
      <div className="grid gap-3 md:grid-cols-2">
        <CodeBlock text={before} label="Answer before" wraps />
        <CodeBlock text={after} label="Answer now" wraps />
      </div>
    );
  return (
    <div
      className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 text-sm break-words whitespace-pre-wrap"
      tabIndex={0}
      role="region"
      aria-label="Difference of the answers"
    >
      {pieces.map(({ kind, text }, at) =>
        kind === 'same' ? (
          // The place in the text is all that tells one piece from another.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at}>{text}</span>
        ) : kind === 'left' ? (
          // oxlint-disable-next-line react/no-array-index-key
          <del key={at} className="rounded-sm bg-bad-soft text-bad">
            {text}
          </del>
        ) : (
          // oxlint-disable-next-line react/no-array-index-key
          <ins key={at} className="rounded-sm bg-good-soft text-good no-underline">
            {text}
          </ins>
        ),
      )}
    </div>
  );
}

const Told = ({ text, answer }: { readonly text: string; readonly answer: string }) => (
  <div className="grid gap-2">
    <p className="text-sm text-ink-2">{text}</p>
    <CodeBlock text={answer} label="Answer" wraps />
  </div>
);
