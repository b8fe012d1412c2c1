import type { Loss, Reply } from './conversation.ts';

/** Ends that are worth a word, by the dialect's own. */
const ENDS: Readonly<Record<string, string>> = {
  length: 'It ended at the longest answer that is allowed.',
  content_filter: 'The provider’s filter ended it.',
};

/** What is to be said of an answer besides its words: how it ended, and what its provider could not be told. */
export const ReplyNotes = ({
  reply: { state, text, calls, finish = '', error, losses },
}: {
  readonly reply: Reply;
}) => (
  <>
    {state === 'done' && text === '' && calls.length === 0 && (
      <p className="text-sm text-ink-3">The answer has no words.</p>
    )}
    {state === 'done' && ENDS[finish] !== undefined && <p className="text-xs text-warn">{ENDS[finish]}</p>}
    {state === 'stopped' && <p className="text-xs text-ink-3">Stopped.</p>}
    {losses.length > 0 && <Losses losses={losses} />}
    {error !== undefined && (
      <p role="alert" className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-sm break-words text-bad">
        {error}
      </p>
    )}
  </>
);

const Losses = ({ losses }: { readonly losses: readonly Loss[] }) => (
  <details className="rounded-md bg-warn-soft text-xs text-warn">
    <summary className="px-2.5 py-1.5 font-medium">
      {losses.length === 1 ? 'One thing was' : `${losses.length} things were`} not carried to this model
    </summary>
    <ul className="grid gap-1 px-2.5 pb-2">
      {losses.map(({ path, instead }) => (
        <li key={`${path} ${instead}`} className="break-words">
          <code className="font-mono">{path}</code>
          {instead !== '' && ` – ${instead.replaceAll('-', ' ')}`}
        </li>
      ))}
    </ul>
  </details>
);
