import type { OpenedLink } from './use-playground.ts';

/** What came of a link that was opened. */
export function LinkNotice({ link }: { readonly link: OpenedLink | undefined }) {
  if (link === undefined) return null;
  if (link.fault !== undefined)
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
