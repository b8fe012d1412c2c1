import type { Playground } from './use-playground.ts';

/** What came of a link that was opened. */
export function LinkNotice({ link }: Pick<Playground, 'link'>) {
  if (link.state === 'none') return null;
  if (link.state === 'broken')
    return (
      <p role="alert" className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2 text-sm text-bad">
        {link.fault}
      </p>
    );
  return (
    <p role="status" className="rounded-md border border-line bg-sunken px-3 py-2 text-xs text-ink-2">
      Opened from a link: words, parameters and tools are those of whoever made it. Nothing of it was sent to a model.
    </p>
  );
}
